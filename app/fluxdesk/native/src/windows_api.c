/* The window engine's functions for Python: make, add, open bars, rolling figures, snapshot, restore, size.
 *
 * State lives in a capsule; records travel as bytes objects. What a caller got wrong is answered with the argument
 * itself (or None where there is no such argument), and kernel.py says it in words. */
#include "windows_add.h"

static const char CAPSULE[] = "fluxdesk.windows";
static const char MAGIC[8] = {'F', 'D', 'W', 'I', 'N', 0, 0, 1}; /* the last byte is the version */

static void *none(void) {
    fd_py.incref(fd_py.none);
    return fd_py.none;
}

static windows *state_of(void *capsule) {
    windows *w = fd_py.capsule_pointer(capsule, CAPSULE); /* sets ValueError for anything else */
    if (w && w->out_of_memory) {
        fd_py.no_memory();
        return NULL;
    }
    return w;
}

static void release(windows *w) {
    fd_py.free(w->bars.items);
    fd_py.free(w->buckets.items);
    fd_py.free(w->slots.items);
    fd_py.free(w->map);
    for (int i = 0; i < SHARDS; i++) fd_py.free(w->shards[i].entries);
    fd_py.free(w->dirty);
    fd_py.free(w->out);
    fd_py.free(w);
}

static void capsule_gone(void *capsule) { release(fd_py.capsule_pointer(capsule, CAPSULE)); }

static windows *make(int64_t lateness) {
    windows *w = fd_py.malloc(sizeof *w);
    if (!w) return NULL;
    memset(w, 0, sizeof *w);
    w->lateness = lateness;
    w->watermark = -1;
    w->bars.free_head = w->buckets.free_head = w->slots.free_head = NONE;
    memset(w->window_cells, 0xff, sizeof w->window_cells);
    memset(w->rolling_cells, 0xff, sizeof w->rolling_cells);
    w->allocated = sizeof *w;
    return w;
}

static void *capsule_of(windows *w) {
    if (!w) return fd_py.no_memory();
    void *capsule = fd_py.capsule_new(w, CAPSULE, capsule_gone);
    if (!capsule) release(w);
    return capsule;
}

/* (lateness in ns) -> state; None when the lateness is out of range. */
void *fd_windows_new(void *self, void *object) {
    (void)self;
    long long lateness = fd_py.long_as(object);
    if (lateness == -1 && fd_py.error()) return NULL;
    if (lateness < 0 || lateness > LONGEST_LATENESS) return none();
    return capsule_of(make(lateness));
}

static int is_valid(const event_record *event) {
    return event->token >= 0 && event->buy <= 1 && event->time >= 0 && event->time < END_OF_TIME;
}

/* Asks for the memory that events some places ahead will need, each step one pointer further: the token's place in the
 * map, its slot, the wallet's entry, the bars. Without it half of the time goes into waiting. */
enum { TO_BARS = 4, TO_ENTRY = 8, TO_SLOT = 12, TO_PLACE = 16 }; /* events ahead */

static inline void prefetch_record(const void *record, size_t size) {
    for (size_t at = 0; at < size; at += 64) __builtin_prefetch((const char *)record + at);
}

static void look_ahead(windows *w, const event_record *events, uint32_t at, uint32_t count) {
    if (w->map_capacity == 0) return;
    if (at + TO_PLACE < count) __builtin_prefetch(&w->map[token_place(w, events[at + TO_PLACE].token)]);
    if (at + TO_SLOT < count) {
        uint32_t slot = w->map[token_place(w, events[at + TO_SLOT].token)];
        if (slot != NONE) prefetch_record(slot_at(w, slot), sizeof(token_slot));
    }
    if (at + TO_ENTRY < count) {
        uint32_t slot = win_slot_find(w, events[at + TO_ENTRY].token);
        uint64_t hash = seen_hash(events[at + TO_ENTRY].trader, slot);
        const shard *in = &w->shards[hash >> 58];
        if (in->capacity) __builtin_prefetch(in->entries + ((uint32_t)hash & (in->capacity - 1)));
    }
    if (at + TO_BARS >= count) return;
    uint32_t slot = win_slot_find(w, events[at + TO_BARS].token);
    if (slot == NONE) return;
    const token_slot *of = slot_at(w, slot);
    for (int i = 0; i < INTERVALS; i++)
        if (of->bars[i] != NONE) prefetch_record(bar_at(w, of->bars[i]), sizeof(bar));
    if (of->newest != NONE) __builtin_prefetch(bucket_at(w, of->newest));
}

/* (state, event records) -> changes_header, bar records, late records; the events themselves when one is not valid,
 * and then none of them was applied. */
void *fd_windows_add(void *self, void *const *arguments, intptr_t given) {
    (void)self;
    if (given != 2) return fd_wrong_arguments();
    char *data;
    intptr_t size;
    windows *w = state_of(arguments[0]);
    if (!w || fd_py.bytes_as(arguments[1], &data, &size) != 0) return NULL;
    const event_record *events = (const event_record *)data;
    uint32_t count = (uint32_t)((uint64_t)size / sizeof *events);
    int valid = (uint64_t)size % sizeof *events == 0 && (uint64_t)size / sizeof *events < NONE;
    for (uint32_t i = 0; valid && i < count; i++) valid = is_valid(&events[i]);
    if (!valid) {
        fd_py.incref(arguments[1]);
        return arguments[1];
    }

    w->out_used = sizeof(changes_header);
    w->out_bars = 0;
    size_t lates = 0;
    late_record *late = NULL;
    for (uint32_t i = 0; i < count && !w->out_of_memory; i++) {
        look_ahead(w, events, i, count);
        uint32_t missed = win_apply(w, &events[i]);
        if (!missed) continue;
        if (!late && !(late = fd_py.malloc(count * sizeof *late))) w->out_of_memory = 1;
        if (late) late[lates++] = (late_record){i, missed};
    }
    win_flush(w);
    void *changes = NULL;
    if (win_out_reserve(w, lates * sizeof *late) && !w->out_of_memory) {
        *(changes_header *)w->out = (changes_header){w->out_bars, (uint32_t)lates, w->watermark};
        if (lates) memcpy(w->out + w->out_used, late, lates * sizeof *late);
        changes = fd_py.bytes_from(w->out, (intptr_t)(w->out_used + lates * sizeof *late));
    } else {
        fd_py.no_memory();
    }
    fd_py.free(late);
    return changes;
}

/* The slot of the token in `object`: NONE when nothing of it is live, or -1 with an error set. */
static int64_t slot_in(windows *w, void *object) {
    long long token = fd_py.long_as(object);
    if (token == -1 && fd_py.error()) return -1;
    return token < 0 || token > INT32_MAX ? NONE : win_slot_find(w, (int32_t)token);
}

/* (state, token) -> bar records of its live windows, newest first within an interval. */
void *fd_windows_bars(void *self, void *const *arguments, intptr_t given) {
    (void)self;
    if (given != 2) return fd_wrong_arguments();
    windows *w = state_of(arguments[0]);
    int64_t slot = w ? slot_in(w, arguments[1]) : -1;
    if (slot < 0) return NULL;
    w->out_used = 0;
    for (int i = 0; i < INTERVALS && slot != NONE; i++)
        for (uint32_t n = slot_at(w, (uint32_t)slot)->bars[i]; n != NONE; n = bar_at(w, n)->older) {
            if (!win_out_reserve(w, sizeof(bar_record))) return fd_py.no_memory();
            memcpy(w->out + w->out_used, &bar_at(w, n)->record, sizeof(bar_record));
            w->out_used += sizeof(bar_record);
        }
    return fd_py.bytes_from(w->out, (intptr_t)w->out_used);
}

/* (state, token, now in ns) -> quote (three words), buys, sells, buyers of the 300 seconds that end with now's. */
void *fd_windows_rolling(void *self, void *const *arguments, intptr_t given) {
    (void)self;
    if (given != 3) return fd_wrong_arguments();
    windows *w = state_of(arguments[0]);
    int64_t slot = w ? slot_in(w, arguments[1]) : -1;
    if (slot < 0) return NULL;
    long long now = fd_py.long_as(arguments[2]);
    if (now == -1 && fd_py.error()) return NULL;
    uint64_t figures[6] = {0};
    if (slot != NONE) {
        const token_slot *of = slot_at(w, (uint32_t)slot);
        bucket_record gone = {0};
        uint32_t buyers = of->buyers;
        uint64_t borrow = 0;
        for (uint32_t n = of->oldest; n != NONE && bucket_at(w, n)->second <= now / SECOND - ROLLING;
             n = bucket_at(w, n)->newer) {
            const bucket *it = bucket_at(w, n);
            unsigned __int128 carry = 0;
            for (int i = 0; i < 3; i++) {
                carry += (unsigned __int128)gone.quote[i] + it->quote[i];
                gone.quote[i] = (uint64_t)carry;
                carry >>= 64;
            }
            gone.buys += it->buys;
            gone.sells += it->sells;
            buyers -= it->buyers;
        }
        for (int i = 0; i < 3; i++) {
            unsigned __int128 rest = (unsigned __int128)of->quote[i] - gone.quote[i] - borrow;
            figures[i] = (uint64_t)rest;
            borrow = (uint64_t)(rest >> 64) & 1;
        }
        figures[3] = of->buys - gone.buys;
        figures[4] = of->sells - gone.sells;
        figures[5] = buyers;
    }
    return fd_py.bytes_from((char *)figures, sizeof figures);
}

/* (state) -> bytes of memory it holds. */
void *fd_windows_size(void *self, void *object) {
    (void)self;
    windows *w = state_of(object);
    return w ? fd_py.long_from((intptr_t)w->allocated) : NULL;
}

static void write_out(windows *w, const void *record, size_t size) {
    if (!win_out_reserve(w, size)) return;
    memcpy(w->out + w->out_used, record, size);
    w->out_used += size;
}

/* Bars, buckets and memberships of one slot's lists; counts them in the header. */
static void write_slot(windows *w, snapshot_header *head, uint32_t slot, int what) {
    for (int i = 0; what == 0 && i < INTERVALS; i++)
        for (uint32_t n = slot_at(w, slot)->bars[i]; n != NONE; n = bar_at(w, n)->older, head->bars++)
            write_out(w, &bar_at(w, n)->record, sizeof(bar_record));
    for (uint32_t n = slot_at(w, slot)->oldest; what == 1 && n != NONE; n = bucket_at(w, n)->newer, head->buckets++) {
        const bucket *it = bucket_at(w, n);
        bucket_record row = {.token = slot_at(w, slot)->token, .second = it->second, .buys = it->buys, .sells = it->sells};
        memcpy(row.quote, it->quote, sizeof row.quote);
        write_out(w, &row, sizeof row);
    }
}

static void write_members(windows *w, snapshot_header *head, const seen *entry) {
    if (entry->slot == NONE) return;
    member_record row = {.token = slot_at(w, entry->slot)->token, .trader = entry->trader};
    const uint64_t any[INTERVALS] = {entry->any, entry->minute & 15u, entry->five & 15u};
    const uint64_t buy[INTERVALS] = {entry->buy, entry->minute >> 4u, entry->five >> 4u};
    const int64_t newest[INTERVALS] = {entry->last, entry->last / 60, entry->last / 300};
    for (int i = 0; i < INTERVALS; i++)
        for (int back = 0; back < 32 && newest[i] - back >= w->final[i]; back++) {
            if (!(any[i] >> back & 1)) continue;
            row.kind = (uint8_t)i;
            row.buyer = buy[i] >> back & 1;
            row.when = newest[i] - back;
            write_out(w, &row, sizeof row);
            head->members++;
        }
    if (entry->buy_age == NEVER || entry->last - entry->buy_age < w->rolled) return;
    row.kind = 3;
    row.buyer = 1;
    row.when = entry->last - entry->buy_age;
    write_out(w, &row, sizeof row);
    head->members++;
}

/* (state) -> snapshot_header, bar records, bucket records, member records. */
void *fd_windows_snapshot(void *self, void *object) {
    (void)self;
    windows *w = state_of(object);
    if (!w) return NULL;
    snapshot_header head = {.lateness = w->lateness, .watermark = w->watermark, .events = w->events};
    memcpy(head.magic, MAGIC, sizeof MAGIC);
    memcpy(head.late, w->late, sizeof head.late);
    w->out_used = sizeof head;
    if (!win_out_reserve(w, 0)) return fd_py.no_memory();
    for (int what = 0; what < 2; what++)
        for (uint32_t at = 0; at < w->map_capacity; at++)
            if (w->map[at] != NONE) write_slot(w, &head, w->map[at], what);
    for (int i = 0; i < SHARDS; i++)
        for (uint32_t at = 0; at < w->shards[i].capacity; at++) write_members(w, &head, &w->shards[i].entries[at]);
    if (w->out_of_memory) return fd_py.no_memory();
    memcpy(w->out, &head, sizeof head);
    return fd_py.bytes_from(w->out, (intptr_t)w->out_used);
}

static int read_bar(windows *w, const bar_record *row) {
    if (row->token < 0 || row->interval >= INTERVALS || row->start < 0) return 0;
    int64_t length = WIN_LENGTH[row->interval], number = row->start / length;
    if (row->start % length || number < w->final[row->interval] || number > w->closed[row->interval]) return 0;
    uint32_t slot = win_slot_find(w, row->token);
    if (slot == NONE && (slot = win_slot_make(w, row->token)) == NONE) return 0;
    bar *it = win_bar(w, slot, row->interval, number);
    if (!it) return 0;
    it->record = *row;
    it->record.flags = number < w->closed[row->interval] ? CLOSED : 0;
    return 1;
}

static int read_bucket(windows *w, const bucket_record *row) {
    if (row->token < 0 || row->second < w->rolled || row->second > w->watermark / SECOND) return 0;
    uint32_t slot = win_slot_find(w, row->token);
    if (slot == NONE && (slot = win_slot_make(w, row->token)) == NONE) return 0;
    uint32_t n = win_bucket(w, slot, (uint32_t)row->second);
    if (n == NONE || bucket_at(w, n)->buys || bucket_at(w, n)->sells) return 0;
    bucket *it = bucket_at(w, n);
    it->buys = (uint32_t)row->buys;
    it->sells = (uint32_t)row->sells;
    memcpy(it->quote, row->quote, sizeof it->quote);
    token_slot *owner = slot_at(w, slot);
    owner->buys += row->buys;
    owner->sells += row->sells;
    uint64_t carry = 0;
    for (int i = 0; i < 3; i++) {
        unsigned __int128 sum = (unsigned __int128)owner->quote[i] + row->quote[i] + carry;
        owner->quote[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
    return 1;
}

static int read_member(windows *w, const member_record *row) {
    if (row->token < 0 || row->kind > 3 || row->trader == 0 || row->when < 0) return 0;
    uint32_t slot = win_slot_find(w, row->token);
    if (slot == NONE) return 0;
    int64_t from = row->kind == 3 ? w->rolled : w->final[row->kind];
    int64_t to = row->kind == 3 ? w->closed[0] : w->closed[row->kind];
    if (row->when < from || row->when > to) return 0;
    int64_t second = row->kind == 3 ? row->when : row->when * (WIN_LENGTH[row->kind] / SECOND);
    uint64_t hash = seen_hash(row->trader, slot);
    seen *entry = win_seen_find(w, hash, row->trader, slot);
    if (!entry && !(entry = win_seen_make(w, hash, row->trader, slot, (uint32_t)second))) return 0;
    if (second > entry->last) win_seen_advance(entry, (uint32_t)second);
    if (row->kind < 3) {
        win_seen_mark(entry, row->kind, row->when, row->buyer & 1);
        return 1;
    }
    uint32_t n = slot_at(w, slot)->oldest;
    while (n != NONE && bucket_at(w, n)->second != second) n = bucket_at(w, n)->newer;
    if (n == NONE) return 0;
    win_seen_bought(w, entry, n);
    return 1;
}

static int read_records(windows *w, const char *data, const snapshot_header *head) {
    for (int i = 0; i < INTERVALS; i++) w->closed[i] = w->final[i] = 0;
    if (head->watermark >= 0) win_step(w, head->watermark);
    w->events = head->events;
    memcpy(w->late, head->late, sizeof w->late);
    const bar_record *bars = (const bar_record *)(data + sizeof *head);
    const bucket_record *buckets = (const bucket_record *)(bars + head->bars);
    const member_record *members = (const member_record *)(buckets + head->buckets);
    for (uint64_t i = 0; i < head->bars; i++)
        if (!read_bar(w, &bars[i])) return 0;
    for (uint64_t i = 0; i < head->buckets; i++)
        if (!read_bucket(w, &buckets[i])) return 0;
    for (uint64_t i = 0; i < head->members; i++)
        if (!read_member(w, &members[i])) return 0;
    return 1;
}

/* (snapshot) -> state; the snapshot itself when it is none. */
void *fd_windows_restore(void *self, void *object) {
    (void)self;
    char *data;
    intptr_t size;
    if (fd_py.bytes_as(object, &data, &size) != 0) return NULL;
    snapshot_header head;
    windows *w = NULL;
    if (size >= (intptr_t)sizeof head) {
        memcpy(&head, data, sizeof head);
        unsigned __int128 expected = sizeof head;
        expected += (unsigned __int128)head.bars * sizeof(bar_record);
        expected += (unsigned __int128)head.buckets * sizeof(bucket_record);
        expected += (unsigned __int128)head.members * sizeof(member_record);
        int fits = expected == (unsigned __int128)size && head.lateness >= 0 && head.lateness <= LONGEST_LATENESS &&
                   head.watermark < END_OF_TIME && head.watermark >= -1;
        for (int i = 0; i < 8; i++) fits &= head.magic[i] == MAGIC[i];
        if (fits && !(w = make(head.lateness))) return fd_py.no_memory();
        if (w && !read_records(w, data, &head)) {
            int out_of_memory = w->out_of_memory;
            release(w);
            w = NULL;
            if (out_of_memory) return fd_py.no_memory();
        }
    }
    if (!w) {
        fd_py.incref(object);
        return object;
    }
    return capsule_of(w);
}
