/* Storage of the window engine: pools, the token map, the table of who traded what. Look-ups are inline, growth is not. */
#ifndef FLUXDESK_WINDOWS_MEMORY_H
#define FLUXDESK_WINDOWS_MEMORY_H

#include "windows.h"

/* Memory of the interpreter's raw allocator, counted; NULL sets out_of_memory. */
void *win_allocate(windows *w, size_t size);
void *win_grow(windows *w, void *memory, size_t before, size_t after);
void win_release(windows *w, void *memory, size_t size);

/* A zeroed record's number, or NONE when memory ran out. Records may move. */
uint32_t win_pool_take(windows *w, pool *from, size_t record);

/* The slot of a token, made when missing, or NONE when memory ran out. */
uint32_t win_slot_make(windows *w, int32_t token);
void win_slot_free(windows *w, uint32_t slot);

/* Adds an empty entry for a pair that is not in its shard, which may move; NULL when memory ran out. */
seen *win_seen_make(windows *w, uint64_t hash, uint64_t trader, uint32_t slot, uint32_t second);

/* Room for `size` more bytes of output; 0 when memory ran out. */
int win_out_reserve(windows *w, size_t size);

static inline bar *bar_at(windows *w, uint32_t n) { return (bar *)w->bars.items + n; }
static inline bucket *bucket_at(windows *w, uint32_t n) { return (bucket *)w->buckets.items + n; }
static inline token_slot *slot_at(windows *w, uint32_t n) { return (token_slot *)w->slots.items + n; }

static inline void win_pool_give(pool *to, size_t record, uint32_t n) {
    memcpy(to->items + n * record, &to->free_head, 4);
    to->free_head = n;
    to->live--;
}

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t mix(uint64_t x) {
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 27) * 0x94d049bb133111ebull;
    return x ^ x >> 31;
}

static inline uint32_t token_place(const windows *w, int32_t token) {
    return (uint32_t)mix((uint32_t)token) & (w->map_capacity - 1);
}

static inline uint32_t win_slot_find(windows *w, int32_t token) {
    if (w->map_capacity == 0) return NONE;
    for (uint32_t at = token_place(w, token);; at = (at + 1) & (w->map_capacity - 1)) {
        uint32_t slot = w->map[at];
        if (slot == NONE || slot_at(w, slot)->token == token) return slot;
    }
}

static inline uint64_t seen_hash(uint64_t trader, uint32_t slot) {
    return mix(trader * 0x9e3779b97f4a7c15ull ^ (uint64_t)slot << 32 ^ slot);
}

static inline seen *win_seen_find(windows *w, uint64_t hash, uint64_t trader, uint32_t slot) {
    shard *in = &w->shards[hash >> 58];
    if (in->capacity == 0) return NULL;
    for (uint32_t at = (uint32_t)hash & (in->capacity - 1);; at = (at + 1) & (in->capacity - 1)) {
        seen *entry = &in->entries[at];
        if (entry->slot == NONE) return NULL;
        if (entry->trader == trader && entry->slot == slot) return entry;
    }
}

#endif
