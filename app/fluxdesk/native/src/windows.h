/* Records and state of the window engine. The records are those of app/fluxdesk/analytics/windows/records.py. */
#ifndef FLUXDESK_WINDOWS_H
#define FLUXDESK_WINDOWS_H

#include "kernel.h"

#define INTERVALS 3
#define SECOND 1000000000ll
#define ROLLING 300                    /* seconds of the rolling figures */
#define ROLLING_CELLS 512              /* a power of two above ROLLING */
#define WINDOW_CELLS 64                /* a power of two above the live windows of one interval (at most 32) */
#define LONGEST_LATENESS (30 * SECOND) /* keeps the live windows of the 1 s interval within the 32 bits of a mask */
#define END_OF_TIME (4294967296ll * SECOND) /* seconds are kept in 32 bits */
#define NONE 0xffffffffu

enum { CLOSED = 1, CORRECTED = 2 };

typedef struct {
    int32_t token;
    uint8_t buy, pad[3];
    int64_t time;
    double price;
    uint64_t base[2], quote[2]; /* low word first */
    uint64_t trader;            /* 0: not known, counts in no unique figure */
} event_record;

typedef struct {
    int32_t token;
    uint8_t interval, flags, pad[2];
    int64_t start;
    double open, high, low, close;
    int64_t open_time, close_time; /* -1 while no trade of the bar has a price */
    uint64_t base[3], quote[3];
    uint64_t trades, buys;
    uint32_t traders, buyers, late, pad2;
} bar_record;

typedef struct {
    uint32_t bars, late;
    int64_t watermark;
} changes_header;

typedef struct {
    uint32_t event, missed; /* bit i: interval i, bit 3: the rolling figures */
} late_record;

typedef struct {
    int32_t token;
    uint32_t pad;
    int64_t second;
    uint64_t quote[3];
    uint64_t buys, sells;
} bucket_record;

typedef struct {
    int32_t token;
    uint8_t kind, buyer, pad[2]; /* kind 0..2: traded in that window of the interval; 3: second of the last buy */
    int64_t when;                /* window number, or second */
    uint64_t trader;
} member_record;

typedef struct {
    char magic[8];
    int64_t lateness, watermark;
    uint64_t events, late[4];
    uint64_t bars, buckets, members;
} snapshot_header;

_Static_assert(sizeof(event_record) == 64 && sizeof(bar_record) == 144, "as records.py has them");
_Static_assert(sizeof(bucket_record) == 56 && sizeof(member_record) == 24, "as records.py has them");
_Static_assert(sizeof(snapshot_header) == 88 && sizeof(changes_header) == 16, "as records.py has them");

/* Growing arrays of records addressed by number; freed records form a list through their first word. */
typedef struct {
    char *items;
    uint32_t used, capacity, free_head, live;
} pool;

typedef struct {
    bar_record record;
    uint32_t slot, newer, older; /* bars of one token and interval form a list */
    uint32_t in_cell;            /* next bar of the same window */
    uint32_t dirty;              /* place in the dirty list + 1, or 0 */
} bar;

/* One second of one token, for the rolling figures. */
typedef struct {
    uint32_t slot, second, newer, older, in_cell;
    uint32_t buys, sells, buyers; /* buyers: whose last buy was in this second */
    uint64_t quote[3];
} bucket;

/* One token with something live. */
typedef struct {
    uint32_t live; /* bars and buckets; 0 frees the slot */
    int32_t token;
    uint32_t bars[INTERVALS]; /* newest first */
    uint32_t newest, oldest;  /* buckets */
    uint32_t buyers;
    uint64_t buys, sells, quote[3];
} token_slot;

/* What one trader did in one token. Bit n of a mask: in the n-th window before the one `last` falls into. */
typedef struct {
    uint64_t trader;
    uint32_t slot; /* NONE: empty */
    uint32_t last; /* the latest second heard of */
    uint32_t any, buy;
    uint32_t bought;         /* bucket of the last buy, valid while that second is in the rolling window */
    uint16_t buy_age;        /* last - second of the last buy; NEVER: none */
    uint8_t minute, five;    /* low half: any, high half: buy */
} seen;

#define NEVER 0xffff
#define SHARDS 64

typedef struct {
    seen *entries;
    uint32_t capacity, used;
} shard;

typedef struct {
    int64_t lateness, watermark; /* watermark -1: nothing seen */
    int64_t next_step;           /* the watermark from which something closes, becomes final or rolls out */
    uint64_t events, late[4];
    int64_t closed[INTERVALS], final[INTERVALS]; /* number of the first window that is not */
    int64_t rolled;                              /* the first second inside the rolling window */
    pool bars, buckets, slots;
    uint32_t window_cells[INTERVALS][WINDOW_CELLS], rolling_cells[ROLLING_CELLS];
    uint32_t *map; /* token -> slot, open addressing */
    uint32_t map_capacity;
    shard shards[SHARDS];
    uint32_t *dirty;
    uint32_t dirty_used, dirty_capacity;
    char *out;
    size_t out_used, out_capacity;
    uint32_t out_bars;
    size_t allocated;
    int out_of_memory; /* set once; the state is then unusable */
} windows;

#endif
