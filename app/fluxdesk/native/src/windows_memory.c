/* Growth and release of the window engine's storage. Everything is counted, and nothing shrinks but by rebuilding. */
#include "windows_memory.h"

void *win_allocate(windows *w, size_t size) { return win_grow(w, NULL, 0, size); }

void *win_grow(windows *w, void *memory, size_t before, size_t after) {
    void *grown = fd_py.realloc(memory, after);
    if (!grown) {
        w->out_of_memory = 1;
        return NULL;
    }
    w->allocated += after - before;
    return grown;
}

void win_release(windows *w, void *memory, size_t size) {
    fd_py.free(memory);
    w->allocated -= size;
}

uint32_t win_pool_take(windows *w, pool *from, size_t record) {
    uint32_t n = from->free_head;
    if (n != NONE) {
        memcpy(&from->free_head, from->items + n * record, 4);
    } else {
        if (from->used == from->capacity) {
            uint32_t capacity = from->capacity ? from->capacity * 2 : 256;
            char *items = win_grow(w, from->items, from->capacity * record, capacity * record);
            if (!items) return NONE;
            from->items = items;
            from->capacity = capacity;
        }
        n = from->used++;
    }
    memset(from->items + n * record, 0, record);
    from->live++;
    return n;
}

static int map_grow(windows *w) {
    uint32_t before = w->map_capacity, capacity = before ? before * 2 : 256;
    uint32_t *old = w->map, *map = win_allocate(w, capacity * sizeof *map);
    if (!map) return 0;
    memset(map, 0xff, capacity * sizeof *map);
    w->map = map;
    w->map_capacity = capacity;
    for (uint32_t i = 0; i < before; i++) {
        if (old[i] == NONE) continue;
        uint32_t at = token_place(w, slot_at(w, old[i])->token);
        while (map[at] != NONE) at = (at + 1) & (capacity - 1);
        map[at] = old[i];
    }
    if (old) win_release(w, old, before * sizeof *old);
    return 1;
}

uint32_t win_slot_make(windows *w, int32_t token) {
    if (w->slots.live * 2 >= w->map_capacity && !map_grow(w)) return NONE;
    uint32_t slot = win_pool_take(w, &w->slots, sizeof(token_slot));
    if (slot == NONE) return NONE;
    token_slot *made = slot_at(w, slot);
    made->token = token;
    for (int i = 0; i < INTERVALS; i++) made->bars[i] = NONE;
    made->newest = made->oldest = NONE;
    uint32_t at = token_place(w, token);
    while (w->map[at] != NONE) at = (at + 1) & (w->map_capacity - 1);
    w->map[at] = slot;
    return slot;
}

void win_slot_free(windows *w, uint32_t slot) {
    uint32_t last = w->map_capacity - 1, at = token_place(w, slot_at(w, slot)->token);
    while (w->map[at] != slot) at = (at + 1) & last;
    /* Linear probing without tombstones: close the hole with every later entry that may move back into it. */
    for (uint32_t next = (at + 1) & last; w->map[next] != NONE; next = (next + 1) & last) {
        uint32_t home = token_place(w, slot_at(w, w->map[next])->token);
        if (((next - home) & last) >= ((next - at) & last)) {
            w->map[at] = w->map[next];
            at = next;
        }
    }
    w->map[at] = NONE;
    win_pool_give(&w->slots, sizeof(token_slot), slot);
}

/* Nothing live depends on the entry: its five-minute window is final and its second has rolled out. */
static int is_stale(const windows *w, const seen *entry) {
    return entry->last / 300 < w->final[2] && entry->last < w->rolled;
}

/* Rebuilds a shard without its stale entries, at most half full. */
static int shard_rebuild(windows *w, shard *in) {
    uint32_t live = 0, capacity = 64;
    for (uint32_t i = 0; i < in->capacity; i++) live += in->entries[i].slot != NONE && !is_stale(w, &in->entries[i]);
    while (capacity < live * 2 + 2) capacity *= 2;
    seen *entries = win_allocate(w, capacity * sizeof *entries);
    if (!entries) return 0;
    for (uint32_t i = 0; i < capacity; i++) entries[i].slot = NONE;
    for (uint32_t i = 0; i < in->capacity; i++) {
        const seen *entry = &in->entries[i];
        if (entry->slot == NONE || is_stale(w, entry)) continue;
        uint32_t at = (uint32_t)seen_hash(entry->trader, entry->slot) & (capacity - 1);
        while (entries[at].slot != NONE) at = (at + 1) & (capacity - 1);
        entries[at] = *entry;
    }
    if (in->entries) win_release(w, in->entries, in->capacity * sizeof *entries);
    *in = (shard){entries, capacity, live};
    return 1;
}

seen *win_seen_make(windows *w, uint64_t hash, uint64_t trader, uint32_t slot, uint32_t second) {
    shard *in = &w->shards[hash >> 58];
    if ((in->used + 1) * 4 > in->capacity * 3 && !shard_rebuild(w, in)) return NULL;
    uint32_t at = (uint32_t)hash & (in->capacity - 1);
    while (in->entries[at].slot != NONE) at = (at + 1) & (in->capacity - 1);
    in->used++;
    in->entries[at] = (seen){.trader = trader, .slot = slot, .last = second, .bought = NONE, .buy_age = NEVER};
    return &in->entries[at];
}

int win_out_reserve(windows *w, size_t size) {
    if (w->out_used + size <= w->out_capacity) return 1;
    size_t capacity = w->out_capacity ? w->out_capacity : 65536;
    while (capacity < w->out_used + size) capacity *= 2;
    char *out = win_grow(w, w->out, w->out_capacity, capacity);
    if (!out) return 0;
    w->out = out;
    w->out_capacity = capacity;
    return 1;
}
