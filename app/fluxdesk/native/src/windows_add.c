/* The step of the window engine. Every event moves the watermark first, so results do not depend on how the stream is
 * cut into batches. Definitions: app/fluxdesk/analytics/windows/__init__.py. */
#include "windows_add.h"

const int64_t WIN_LENGTH[INTERVALS] = {SECOND, 60 * SECOND, 300 * SECOND};

enum { FRESH = 4 }; /* closed since the last flush: the receiver does not know it as closed yet */

static inline void add3(uint64_t sum[3], uint64_t low, uint64_t high, uint64_t top) {
    unsigned __int128 carry = (unsigned __int128)sum[0] + low;
    sum[0] = (uint64_t)carry;
    carry = (carry >> 64) + sum[1] + high;
    sum[1] = (uint64_t)carry;
    sum[2] += (uint64_t)(carry >> 64) + top;
}

static inline void subtract3(uint64_t sum[3], const uint64_t less[3]) {
    uint64_t borrow = 0;
    for (int i = 0; i < 3; i++) {
        unsigned __int128 rest = (unsigned __int128)sum[i] - less[i] - borrow;
        sum[i] = (uint64_t)rest;
        borrow = (uint64_t)(rest >> 64) & 1;
    }
}

static void touch(windows *w, uint32_t n) {
    bar *it = bar_at(w, n);
    if (it->dirty) return;
    if (w->dirty_used == w->dirty_capacity) {
        uint32_t capacity = w->dirty_capacity ? w->dirty_capacity * 2 : 1024;
        uint32_t *dirty = win_grow(w, w->dirty, w->dirty_capacity * sizeof *dirty, capacity * sizeof *dirty);
        if (!dirty) return;
        w->dirty = dirty;
        w->dirty_capacity = capacity;
    }
    w->dirty[w->dirty_used++] = n;
    it->dirty = w->dirty_used;
}

static void emit(windows *w, bar *it) {
    w->dirty[it->dirty - 1] = NONE;
    it->dirty = 0;
    if (!win_out_reserve(w, sizeof(bar_record))) return;
    bar_record *row = (bar_record *)(w->out + w->out_used);
    *row = it->record;
    row->flags &= CLOSED | CORRECTED;
    it->record.flags &= CLOSED;
    w->out_used += sizeof *row;
    w->out_bars++;
}

void win_flush(windows *w) {
    for (uint32_t i = 0; i < w->dirty_used; i++)
        if (w->dirty[i] != NONE) emit(w, bar_at(w, w->dirty[i]));
    w->dirty_used = 0;
}

static void release_one(windows *w, uint32_t slot) {
    if (--slot_at(w, slot)->live == 0) win_slot_free(w, slot);
}

static void close_window(windows *w, uint32_t head) {
    for (uint32_t n = head; n != NONE && !w->out_of_memory; n = bar_at(w, n)->in_cell) {
        bar *next = bar_at(w, bar_at(w, n)->in_cell == NONE ? n : bar_at(w, n)->in_cell);
        __builtin_prefetch(next);
        __builtin_prefetch((char *)next + 64);
        __builtin_prefetch((char *)next + 128);
        touch(w, n);
        bar_at(w, n)->record.flags |= CLOSED | FRESH;
    }
}

static void finish_window(windows *w, uint32_t head) {
    for (uint32_t n = head; n != NONE;) {
        bar *it = bar_at(w, n);
        uint32_t next = it->in_cell, slot = it->slot;
        if (next != NONE) {
            __builtin_prefetch(bar_at(w, next));
            __builtin_prefetch((char *)bar_at(w, next) + sizeof(bar_record));
        }
        if (it->dirty) emit(w, it);
        /* windows become final in order, so it is the oldest of its list */
        *(it->newer == NONE ? &slot_at(w, slot)->bars[it->record.interval] : &bar_at(w, it->newer)->older) = NONE;
        win_pool_give(&w->bars, sizeof(bar), n);
        release_one(w, slot);
        n = next;
    }
}

static void roll_out(windows *w, uint32_t head) {
    for (uint32_t n = head; n != NONE;) {
        bucket *it = bucket_at(w, n);
        uint32_t next = it->in_cell, slot = it->slot;
        if (next != NONE) __builtin_prefetch(bucket_at(w, next));
        token_slot *owner = slot_at(w, slot);
        owner->oldest = it->newer; /* seconds leave in order, so it is the oldest */
        if (it->newer == NONE)
            owner->newest = NONE;
        else
            bucket_at(w, it->newer)->older = NONE;
        owner->buys -= it->buys;
        owner->sells -= it->sells;
        owner->buyers -= it->buyers;
        subtract3(owner->quote, it->quote);
        win_pool_give(&w->buckets, sizeof(bucket), n);
        release_one(w, slot);
        n = next;
    }
}

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

void win_step(windows *w, int64_t watermark) {
    int64_t settled = watermark >= w->lateness ? watermark - w->lateness : 0, second = watermark / SECOND;
    w->next_step = (second + 1) * SECOND;
    for (int i = 0; i < INTERVALS; i++) {
        int64_t length = WIN_LENGTH[i], closed = watermark / length, final = settled / length;
        int64_t open = w->closed[i]; /* nothing is later than the watermark, so one window is open: the last there is */
        if (open < closed) close_window(w, w->window_cells[i][open % WINDOW_CELLS]);
        w->closed[i] = closed;
        for (int64_t n = w->final[i]; n < smaller(final, open + 1); n++) {
            finish_window(w, w->window_cells[i][n % WINDOW_CELLS]);
            w->window_cells[i][n % WINDOW_CELLS] = NONE;
        }
        w->final[i] = final;
        w->next_step = smaller(w->next_step, (final + 1) * length + w->lateness);
    }
    int64_t before = w->watermark / SECOND, rolled = second >= ROLLING ? second - ROLLING + 1 : 0;
    for (int64_t n = w->rolled; n < smaller(rolled, before + 1); n++) {
        roll_out(w, w->rolling_cells[n % ROLLING_CELLS]);
        w->rolling_cells[n % ROLLING_CELLS] = NONE;
    }
    w->rolled = rolled;
    w->watermark = watermark;
}

static bar *bar_make(windows *w, uint32_t slot, int interval, int64_t number, uint32_t newer, uint32_t older) {
    uint32_t n = win_pool_take(w, &w->bars, sizeof(bar));
    if (n == NONE) return NULL;
    bar *it = bar_at(w, n);
    double no_price = __builtin_nan("");
    it->record.token = slot_at(w, slot)->token;
    it->record.interval = (uint8_t)interval;
    it->record.start = number * WIN_LENGTH[interval];
    it->record.open = it->record.high = it->record.low = it->record.close = no_price;
    it->record.open_time = it->record.close_time = -1;
    it->slot = slot;
    it->newer = newer;
    it->older = older;
    *(newer == NONE ? &slot_at(w, slot)->bars[interval] : &bar_at(w, newer)->older) = n;
    if (older != NONE) bar_at(w, older)->newer = n;
    uint32_t *cell = &w->window_cells[interval][number % WINDOW_CELLS];
    it->in_cell = *cell;
    *cell = n;
    slot_at(w, slot)->live++;
    if (number < w->closed[interval]) it->record.flags = CLOSED | FRESH;
    return it;
}

bar *win_bar(windows *w, uint32_t slot, int interval, int64_t number) {
    int64_t start = number * WIN_LENGTH[interval];
    uint32_t newer = NONE, n = slot_at(w, slot)->bars[interval];
    while (n != NONE && bar_at(w, n)->record.start > start) {
        newer = n;
        n = bar_at(w, n)->older;
    }
    if (n != NONE && bar_at(w, n)->record.start == start) return bar_at(w, n);
    return bar_make(w, slot, interval, number, newer, n);
}

uint32_t win_bucket(windows *w, uint32_t slot, uint32_t second) {
    uint32_t newer = NONE, older = slot_at(w, slot)->newest;
    while (older != NONE && bucket_at(w, older)->second > second) {
        newer = older;
        older = bucket_at(w, older)->older;
    }
    if (older != NONE && bucket_at(w, older)->second == second) return older;
    uint32_t n = win_pool_take(w, &w->buckets, sizeof(bucket));
    if (n == NONE) return NONE;
    bucket *it = bucket_at(w, n);
    it->slot = slot;
    it->second = second;
    it->newer = newer;
    it->older = older;
    *(newer == NONE ? &slot_at(w, slot)->newest : &bucket_at(w, newer)->older) = n;
    *(older == NONE ? &slot_at(w, slot)->oldest : &bucket_at(w, older)->newer) = n;
    uint32_t *cell = &w->rolling_cells[second % ROLLING_CELLS];
    it->in_cell = *cell;
    *cell = n;
    slot_at(w, slot)->live++;
    return n;
}

/* Four windows of each half are kept; the live ones are two at most (lateness is below a minute). */
static uint8_t shift_halves(uint8_t mask, uint32_t by) {
    if (by > 3) return 0;
    uint32_t any = (mask & 15u) << by, buy = (mask >> 4u) << by;
    return (uint8_t)((any & 15) | (buy & 15) << 4);
}

void win_seen_advance(seen *entry, uint32_t second) {
    uint32_t by = second - entry->last;
    entry->any = by < 32 ? entry->any << by : 0;
    entry->buy = by < 32 ? entry->buy << by : 0;
    entry->minute = shift_halves(entry->minute, second / 60 - entry->last / 60);
    entry->five = shift_halves(entry->five, second / 300 - entry->last / 300);
    entry->buy_age = by + entry->buy_age < NEVER ? (uint16_t)(by + entry->buy_age) : NEVER;
    entry->last = second;
}

unsigned win_seen_mark(seen *entry, int interval, int64_t number, int buy) {
    uint32_t back, any, bought;
    if (interval == 0) {
        back = entry->last - (uint32_t)number;
        any = ~entry->any >> back & 1;
        bought = ~entry->buy >> back & (uint32_t)buy;
        entry->any |= 1u << back;
        entry->buy |= (uint32_t)buy << back;
    } else {
        uint8_t *mask = interval == 1 ? &entry->minute : &entry->five;
        back = (interval == 1 ? entry->last / 60 : entry->last / 300) - (uint32_t)number;
        any = ~(uint32_t)*mask >> back & 1;
        bought = ~(uint32_t)*mask >> (back + 4) & (uint32_t)buy;
        *mask = (uint8_t)(*mask | 1u << back | (uint32_t)buy << (back + 4));
    }
    return any | bought << 1;
}

void win_seen_bought(windows *w, seen *entry, uint32_t in_bucket) {
    bucket *it = bucket_at(w, in_bucket);
    if (entry->buy_age != NEVER && entry->last - entry->buy_age >= w->rolled) {
        if (entry->last - entry->buy_age >= it->second) return;
        bucket_at(w, entry->bought)->buyers--;
    } else {
        slot_at(w, it->slot)->buyers++;
    }
    it->buyers++;
    entry->bought = in_bucket;
    entry->buy_age = (uint16_t)(entry->last - it->second);
}

static void add_price(bar_record *row, int64_t time, double price) {
    if (!(price > 0) || price > 1.7976931348623157e308) return; /* NaN, zero, negative and infinite are no prices */
    if (row->open_time < 0) {
        row->open = row->high = row->low = row->close = price;
        row->open_time = row->close_time = time;
        return;
    }
    if (time < row->open_time) {
        row->open = price;
        row->open_time = time;
    }
    if (time >= row->close_time) {
        row->close = price;
        row->close_time = time;
    }
    if (price > row->high) row->high = price;
    if (price < row->low) row->low = price;
}

uint32_t win_apply(windows *w, const event_record *event) {
    w->events++;
    if (event->time > w->watermark) {
        if (event->time >= w->next_step)
            win_step(w, event->time);
        else
            w->watermark = event->time;
    }
    uint32_t second = (uint32_t)((uint64_t)event->time / SECOND);
    int64_t number[INTERVALS] = {second, second / 60, second / 300};
    uint32_t missed = (uint32_t)(second < w->rolled) << 3;
    for (int i = 0; i < INTERVALS; i++) missed |= (uint32_t)(number[i] < w->final[i]) << i;
    if (missed) {
        for (int i = 0; i < 4; i++) w->late[i] += missed >> i & 1;
        if (missed == 15) return missed;
    }

    uint32_t slot = win_slot_find(w, event->token);
    if (slot == NONE && (slot = win_slot_make(w, event->token)) == NONE) return missed;
    seen *entry = NULL;
    if (event->trader) {
        uint64_t hash = seen_hash(event->trader, slot);
        entry = win_seen_find(w, hash, event->trader, slot);
        if (!entry && !(entry = win_seen_make(w, hash, event->trader, slot, second))) return missed;
        if (second > entry->last) win_seen_advance(entry, second);
    }

    for (int i = 0; i < INTERVALS; i++) {
        if (missed >> i & 1) continue;
        bar *it = win_bar(w, slot, i, number[i]);
        if (!it) return missed;
        bar_record *row = &it->record;
        if ((row->flags & (CLOSED | FRESH)) == CLOSED) row->flags |= CORRECTED;
        touch(w, (uint32_t)(it - bar_at(w, 0)));
        add_price(row, event->time, event->price);
        add3(row->base, event->base[0], event->base[1], 0);
        add3(row->quote, event->quote[0], event->quote[1], 0);
        row->trades++;
        row->buys += event->buy;
        row->late += number[i] < w->closed[i];
        if (entry) {
            unsigned first = win_seen_mark(entry, i, number[i], event->buy);
            row->traders += first & 1;
            row->buyers += first >> 1;
        }
    }

    if (missed & 8) return missed;
    uint32_t n = win_bucket(w, slot, second);
    if (n == NONE) return missed;
    bucket *in = bucket_at(w, n);
    token_slot *owner = slot_at(w, slot);
    in->buys += event->buy;
    in->sells += !event->buy;
    owner->buys += event->buy;
    owner->sells += !event->buy;
    add3(in->quote, event->quote[0], event->quote[1], 0);
    add3(owner->quote, event->quote[0], event->quote[1], 0);
    if (entry && event->buy) win_seen_bought(w, entry, n);
    return missed;
}
