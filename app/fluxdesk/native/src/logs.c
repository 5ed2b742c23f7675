/* The invoke stack of a transaction's logs: the same reading as read_logs_python in chains/solana/logs.py, which has the
 * reasons. Lines stay whole, nothing is copied but what a frame of interest states. */
#include "logs.h"

#define DEEPEST 64

typedef struct {
    int32_t program, depth, outer, inner, parent, own_caller, said, closed, stated, first;
} frame;

typedef struct {
    int32_t frame, line;
} statement;

int fd_starts(slice line, intptr_t at, const char *with, intptr_t length) {
    if (line.length - at < length) return 0;
    for (intptr_t i = 0; i < length; i++)
        if (line.text[at + i] != with[i]) return 0;
    return 1;
}

static int same(slice a, slice b) { return a.length == b.length && fd_starts(a, 0, b.text, b.length); }

static int32_t index_of(slice program, const slice *wanted, int32_t count) {
    for (int32_t i = 0; i < count; i++)
        if (same(program, wanted[i])) return i;
    return -1;
}

/* Whether " invoke [" stands anywhere in the line. */
static int says_invoke(slice line) {
    for (intptr_t at = 0; at + 9 <= line.length; at++)
        if (line.text[at] == ' ' && fd_starts(line, at, " invoke [", 9)) return 1;
    return 0;
}

/* Whether the line is "Program <id> invoke [depth]"; the id goes to `program`. */
static int is_invoke(slice line, int32_t depth, slice *program) {
    intptr_t end = 8;
    while (end < line.length && line.text[end] != ' ') end++;
    program->text = line.text + 8;
    program->length = end - 8;
    if (!fd_starts(line, end, " invoke [", 9)) return 0;
    char digits[2];
    intptr_t n = 0;
    if (depth >= 10) digits[n++] = (char)('0' + depth / 10);
    digits[n++] = (char)('0' + depth % 10);
    return fd_starts(line, end + 9, digits, n) && line.length == end + 9 + n + 1 && line.text[line.length - 1] == ']';
}

#define NO_DIGIT 0x80

static uint8_t digit(uint8_t c) {
    if (c >= 'A' && c <= 'Z') return (uint8_t)(c - 'A');
    if (c >= 'a' && c <= 'z') return (uint8_t)(c - 'a' + 26);
    if (c >= '0' && c <= '9') return (uint8_t)(c - '0' + 52);
    return c == '+' ? 62 : c == '/' ? 63 : NO_DIGIT;
}

static uint8_t DIGIT[256];

/* Three bytes of four digits, as bits 23 to 0; what is no digit is gathered in `bad`. */
static uint32_t three_bytes(const uint8_t *text, uint8_t *bad) {
    uint8_t a = DIGIT[text[0]], b = DIGIT[text[1]], c = DIGIT[text[2]], d = DIGIT[text[3]];
    *bad |= (uint8_t)(a | b | c | d);
    return (uint32_t)a << 18 | (uint32_t)b << 12 | (uint32_t)c << 6 | d;
}

static void *payload(slice text) {
    if (text.length % 4) return fd_py.bytes_from("", 0);
    if (!DIGIT['B'])
        for (int c = 0; c < 256; c++) DIGIT[c] = digit((uint8_t)c);
    intptr_t padding = 0;
    while (padding < 2 && padding < text.length && text.text[text.length - 1 - padding] == '=') padding++;
    intptr_t size = text.length / 4 * 3 - padding;
    void *object = fd_py.bytes_from(NULL, size);
    char *raw;
    intptr_t length;
    if (!object || fd_py.bytes_as(object, &raw, &length) != 0) return NULL;
    const uint8_t *in = (const uint8_t *)text.text;
    uint8_t *out = (uint8_t *)raw, bad = 0;
    intptr_t to = 0;
    for (; to + 3 <= size; in += 4, to += 3) {
        uint32_t bits = three_bytes(in, &bad);
        out[to] = (uint8_t)(bits >> 16);
        out[to + 1] = (uint8_t)(bits >> 8);
        out[to + 2] = (uint8_t)bits;
    }
    if (padding) {
        const uint8_t last[4] = {in[0], in[1], padding == 2 ? 'A' : in[2], 'A'};
        uint32_t bits = three_bytes(last, &bad);
        out[to] = (uint8_t)(bits >> 16);
        if (padding == 1) out[to + 1] = (uint8_t)(bits >> 8);
    }
    if (!(bad & NO_DIGIT)) return object;
    fd_py.decref(object);
    return fd_py.bytes_from("", 0);
}

typedef struct {
    frame *frames;
    statement *statements;
    int32_t frame_count, statement_count;
    int truncated, broken;
} reading;

static int read_lines(const slice *lines, intptr_t count, const slice *wanted, int32_t programs, reading *r) {
    slice program[DEEPEST];
    int32_t of_interest[DEEPEST]; /* the frame, or -1 */
    int32_t depth = 0, outer = -1, inner = 0;
    for (intptr_t n = 0; n < count; n++) {
        slice line = lines[n];
        if (!fd_starts(line, 0, "Program ", 8)) {
            if (line.length == 13 && fd_starts(line, 0, "Log truncated", 13)) return r->truncated = 1;
            continue;
        }
        frame *top = depth && of_interest[depth - 1] >= 0 ? &r->frames[of_interest[depth - 1]] : NULL;
        if (fd_starts(line, 8, "log: ", 5)) {
            if (top && top->said < 0 && fd_starts(line, 13, "Instruction: ", 13)) top->said = (int32_t)n;
        } else if (fd_starts(line, 8, "data: ", 6)) {
            if (!top) continue;
            r->statements[r->statement_count++] = (statement){of_interest[depth - 1], (int32_t)n};
            if (!top->stated++) top->first = r->statement_count - 1;
        } else if (line.length >= 8 && fd_starts(line, line.length - 8, " success", 8)) {
            slice id = {line.text + 8, line.length - 16};
            if (!depth || id.length < 0 || !same(id, program[depth - 1])) return r->broken = 1;
            if (top) top->closed = 1;
            depth--;
        } else if (line.text[line.length - 1] == ']' && says_invoke(line)) {
            slice id;
            if (depth == DEEPEST || !is_invoke(line, depth + 1, &id)) return r->broken = 1;
            if (!depth) {
                outer++;
                inner = 0;
            }
            int32_t which = index_of(id, wanted, programs);
            of_interest[depth] = -1;
            if (which >= 0) {
                int32_t parent = -1;
                for (int32_t up = depth - 1; up >= 0 && parent < 0; up--) parent = of_interest[up];
                int own = depth && same(id, program[depth - 1]);
                r->frames[r->frame_count] =
                    (frame){which, depth + 1, outer, depth ? inner : -1, parent, own, -1, 0, 0, 0};
                of_interest[depth] = r->frame_count++;
            }
            inner += depth > 0;
            program[depth++] = id;
        } else if (depth && fd_starts(line, 8, program[depth - 1].text, program[depth - 1].length) &&
                   fd_starts(line, 8 + program[depth - 1].length, " failed", 7)) {
            depth--;
        }
    }
    return 0;
}

/* One frame as a tuple: program, depth, outer, inner, parent, own_caller, said, payloads, closed. */
static void *frame_tuple(const reading *r, int32_t at, const slice *lines) {
    const frame *f = &r->frames[at];
    void *payloads = fd_py.tuple_new(f->stated), *tuple = fd_py.tuple_new(9);
    if (!payloads || !tuple) return NULL;
    for (int32_t k = f->first, to = 0; to < f->stated; k++) {
        if (r->statements[k].frame != at) continue;
        slice line = lines[r->statements[k].line];
        slice base64 = {line.text + 14, line.length > 14 ? line.length - 14 : 0};
        void *bytes = payload(base64);
        if (!bytes) return NULL;
        fd_py.tuple_set(payloads, to++, bytes);
    }
    const int32_t numbers[6] = {f->program, f->depth, f->outer, f->inner, f->parent, f->own_caller};
    for (int k = 0; k < 6; k++) {
        void *number = fd_py.long_from(numbers[k]);
        if (!number) return NULL;
        fd_py.tuple_set(tuple, k, number);
    }
    void *said = fd_py.none;
    if (f->said >= 0) {
        said = fd_py.text_from(lines[f->said].text + 26, lines[f->said].length - 26);
        if (!said) return NULL;
    } else {
        fd_py.incref(said);
    }
    fd_py.tuple_set(tuple, 6, said);
    fd_py.tuple_set(tuple, 7, payloads);
    void *closed = fd_py.long_from(f->closed);
    if (!closed) return NULL;
    fd_py.tuple_set(tuple, 8, closed);
    return tuple;
}

int fd_slices(void *sequence, intptr_t count, void *(*item)(void *, intptr_t), slice *out) {
    for (intptr_t i = 0; i < count; i++) {
        void *object = item(sequence, i); /* borrowed: the caller holds the sequence */
        if (!object || !(out[i].text = fd_py.text_as(object, &out[i].length))) return 0;
    }
    return 1;
}

int fd_read_stack(const slice *lines, intptr_t count, const slice *wanted, int32_t programs, void *out[3]) {
    size_t room = (size_t)count;
    char *memory = fd_py.malloc(room * (sizeof(frame) + sizeof(statement)) + 1);
    if (!memory) {
        fd_py.no_memory();
        return 0;
    }
    reading r = {(frame *)memory, (statement *)(memory + room * sizeof(frame)), 0, 0, 0, 0};
    read_lines(lines, count, wanted, programs, &r);
    void *frames = fd_py.tuple_new(r.frame_count);
    for (int32_t at = 0; frames && at < r.frame_count; at++) {
        void *tuple = frame_tuple(&r, at, lines);
        if (!tuple) frames = NULL; /* MemoryError is set; what leaks then is small beside it */
        else fd_py.tuple_set(frames, at, tuple);
    }
    fd_py.free(memory);
    out[0] = frames;
    out[1] = fd_py.long_from(r.truncated);
    out[2] = fd_py.long_from(r.broken);
    return out[0] && out[1] && out[2];
}

/* (list of lines, tuple of program ids) -> (tuple of frames, truncated, broken). */
void *fd_read_logs(void *self, void *const *arguments, intptr_t given) {
    (void)self;
    if (given != 2) return fd_wrong_arguments();
    intptr_t count = fd_py.list_size(arguments[0]), programs = fd_py.tuple_size(arguments[1]);
    if (count < 0 || programs < 0) return NULL; /* SystemError is set: no list, no tuple */
    slice *lines = fd_py.malloc((size_t)(count + programs) * sizeof(slice) + 1);
    if (!lines) return fd_py.no_memory();
    slice *wanted = lines + count;
    void *stack[3], *out = NULL;
    if (fd_slices(arguments[0], count, fd_py.list_get, lines) &&
        fd_slices(arguments[1], programs, fd_py.tuple_get, wanted) &&
        fd_read_stack(lines, count, wanted, (int32_t)programs, stack) && (out = fd_py.tuple_new(3)))
        for (int k = 0; k < 3; k++) fd_py.tuple_set(out, k, stack[k]);
    fd_py.free(lines);
    return out;
}
