/* A `logsNotification` of a Solana RPC server in the one form that servers write it in: the same reading as the JSON
 * path in chains/solana/notices.py, without making an object of every line. Whatever deviates by a byte (an escape, a
 * letter beyond ASCII, another order of keys, an error) is left to that path: nothing is accepted here that a JSON
 * parser would refuse. */
#include "kernel.h"
#include "logs.h"

#define LARGEST (256 * 1024)
#define SHORTEST_LINE 3 /* two quotes and a comma */

typedef struct {
    const char *at, *end;
} cursor;

static int word(cursor *c, const char *text, intptr_t length) {
    if (c->end - c->at < length) return 0;
    for (intptr_t i = 0; i < length; i++)
        if (c->at[i] != text[i]) return 0;
    c->at += length;
    return 1;
}

#define WORD(c, text) word(c, text, (intptr_t)sizeof(text) - 1)

/* A JSON integer of at most 18 digits, above zero. */
static int number(cursor *c, int64_t *value) {
    const char *from = c->at;
    int64_t n = 0;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && c->at - from < 19) n = n * 10 + (*c->at++ - '0');
    *value = n;
    return c->at > from && c->at - from < 19 && *from != '0';
}

#define EACH(byte) (0x0101010101010101u * (byte))

/* The high bit of each byte that is not plain text; exact up to and including the first such byte. */
static uint64_t marks(uint64_t eight) {
    uint64_t quote = eight ^ EACH('"'), escape = eight ^ EACH('\\');
    uint64_t found = ((quote - EACH(1)) & ~quote) | ((escape - EACH(1)) & ~escape) | ((eight - EACH(0x20)) & ~eight);
    return (found | eight) & EACH(0x80);
}

/* A JSON string of printable ASCII without escapes; `text` is what stands between the quotes. */
static int plain(cursor *c, slice *text) {
    if (c->at >= c->end || *c->at != '"') return 0;
    const char *at = c->at + 1;
    text->text = at;
    for (; c->end - at >= 8; at += 8) {
        uint64_t eight;
        __builtin_memcpy(&eight, at, 8); /* inlined even in a freestanding build */
        uint64_t found = marks(eight);
        if (found) {
            at += __builtin_ctzll(found) / 8;
            break;
        }
    }
    while (at < c->end && *at != '"') {
        if (*at == '\\' || (unsigned char)*at < 0x20 || (unsigned char)*at >= 0x80) return 0;
        at++;
    }
    if (at >= c->end) return 0;
    text->length = at - text->text;
    c->at = at + 1;
    return 1;
}

typedef struct {
    int64_t slot;
    slice signature;
    slice *lines;
    intptr_t count;
} notice;

/* The `result` of a notification; lines are kept where `n->lines` gives room for one every three bytes. */
static int result(cursor *c, notice *n) {
    if (!WORD(c, "{\"context\":{\"slot\":") || !number(c, &n->slot)) return 0;
    if (!WORD(c, "},\"value\":{\"signature\":") || !plain(c, &n->signature)) return 0;
    if (!WORD(c, ",\"err\":null,\"logs\":[")) return 0;
    n->count = 0;
    slice line;
    while (plain(c, &line)) {
        if (n->lines) n->lines[n->count] = line;
        n->count++;
        if (!WORD(c, ",")) return WORD(c, "]}}");
        if (c->at >= c->end || *c->at != '"') return 0;
    }
    return n->count == 0 && WORD(c, "]}}");
}

static int bytes_of(void *object, cursor *c) {
    char *data;
    intptr_t size;
    if (fd_py.bytes_as(object, &data, &size) != 0) return 0;
    c->at = data;
    c->end = data + size;
    return 1;
}

static void *nothing(void) {
    fd_py.incref(fd_py.none);
    return fd_py.none;
}

/* A tuple of items that are all owned by the caller; NULL where one is missing. */
static void *tuple_of(void *const *items, int32_t count) {
    void *tuple = fd_py.tuple_new(count);
    for (int32_t i = 0; tuple && i < count; i++) {
        if (!items[i]) return NULL; /* MemoryError is set; what leaks then is small beside it */
        fd_py.tuple_set(tuple, i, items[i]);
    }
    return tuple;
}

/* bytes of a frame -> (subscription, slot, signature, bytes of `result`), or None. */
void *fd_read_notice(void *self, void *frame) {
    (void)self;
    cursor c;
    if (!bytes_of(frame, &c)) return NULL;
    notice n = {0, {NULL, 0}, NULL, 0};
    int64_t subscription;
    if (!WORD(&c, "{\"jsonrpc\":\"2.0\",\"method\":\"logsNotification\",\"params\":{\"result\":")) return nothing();
    const char *from = c.at;
    if (!result(&c, &n)) return nothing();
    intptr_t size = c.at - from;
    if (!WORD(&c, ",\"subscription\":") || !number(&c, &subscription) || !WORD(&c, "}}") || c.at != c.end)
        return nothing();
    void *const items[4] = {fd_py.long_from((intptr_t)subscription), fd_py.long_from((intptr_t)n.slot),
                            fd_py.text_from(n.signature.text, n.signature.length), fd_py.bytes_from(from, size)};
    return tuple_of(items, 4);
}

static int fails(slice line) {
    for (intptr_t at = 0; at + 9 <= line.length; at++)
        if (line.text[at] == ' ' && fd_starts(line, at, " failed: ", 9)) return 1;
    return 0;
}

/* (bytes of `result`, tuple of program ids) -> (slot, signature, frames, truncated, broken), or None; None too when the
 * last line tells of a failure. */
void *fd_read_notified(void *self, void *const *arguments, intptr_t given) {
    (void)self;
    if (given != 2) return fd_wrong_arguments();
    cursor c;
    if (!bytes_of(arguments[0], &c)) return NULL;
    intptr_t programs = fd_py.tuple_size(arguments[1]), most = (c.end - c.at) / SHORTEST_LINE;
    if (programs < 0) return NULL;
    if (c.end - c.at > LARGEST) return nothing();
    slice *lines = fd_py.malloc((size_t)(most + programs) * sizeof(slice) + 1);
    if (!lines) return fd_py.no_memory();
    notice n = {0, {NULL, 0}, lines, 0};
    void *out = NULL;
    if (!result(&c, &n) || c.at != c.end || (n.count && fails(lines[n.count - 1]))) {
        out = nothing();
    } else if (fd_slices(arguments[1], programs, fd_py.tuple_get, lines + n.count)) {
        void *stack[3];
        if (fd_read_stack(lines, n.count, lines + n.count, (int32_t)programs, stack)) {
            void *const items[5] = {fd_py.long_from((intptr_t)n.slot),
                                    fd_py.text_from(n.signature.text, n.signature.length), stack[0], stack[1], stack[2]};
            out = tuple_of(items, 5);
        }
    }
    fd_py.free(lines);
    return out;
}
