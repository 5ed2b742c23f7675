/* Event payloads, by a plan that launches/layout.py makes of a layout table: the same reading as `Reader` there, which
 * has the reasons. A plan is the offset of the first field, how many fields must be there, and a step for each field. */
#include "kernel.h"

#define LONGEST_TEXT 4096
#define LONGEST_LIST 1024
#define MOST_VALUES 128 /* launches/layout.py makes no plan for more */

enum { BOOL, UNSIGNED, SIGNED, BYTES, KEY, KEY_OR_NONE, TEXT, LIST, OPTION };

/* `size` is that of a fixed field; of a list or an option it is how many steps that follow make up one group, and 0
 * when the one step that follows is no group. */
typedef struct {
    uint8_t code, size, keep;
} step;

typedef struct {
    const uint8_t *data;
    intptr_t size, at;
} cursor;

typedef enum { READ, SHORT, BAD } outcome;

static void *wide(uint64_t low, uint64_t high, int is_signed) {
    int negative = is_signed && high >> 63;
    if (high == 0 && !(is_signed && low >> 63)) return fd_py.unsigned_from(low);
    unsigned __int128 size = (unsigned __int128)high << 64 | low;
    if (negative) size = -size;
    char text[40], *at = text + sizeof text - 1;
    *at = 0;
    for (; size; size >>= 4) *--at = "0123456789abcdef"[size & 15];
    if (negative) *--at = '-';
    return fd_py.long_from_text(at, NULL, 16);
}

static void *number(const uint8_t *raw, int size, int is_signed) {
    uint16_t two;
    uint32_t four;
    uint64_t eight, high;
    switch (size) {
    case 1: return fd_py.unsigned_from(raw[0]);
    case 2: memcpy(&two, raw, 2); return fd_py.unsigned_from(two);
    case 4: memcpy(&four, raw, 4); return fd_py.unsigned_from(four);
    case 8:
        memcpy(&eight, raw, 8);
        return is_signed ? fd_py.long_from((intptr_t)eight) : fd_py.unsigned_from(eight);
    default:
        memcpy(&eight, raw, 8);
        memcpy(&high, raw + 8, 8);
        return wide(eight, high, is_signed);
    }
}

static void *same(void *object) {
    fd_py.incref(object);
    return object;
}

static int is_zero(const uint8_t *key) {
    uint64_t words[4];
    memcpy(words, key, 32);
    return !(words[0] | words[1] | words[2] | words[3]);
}

static void *fixed(const step *s, const uint8_t *raw) {
    char text[64];
    switch (s->code) {
    case BOOL: return same(raw[0] ? fd_py.true_ : fd_py.false_);
    case BYTES: return fd_py.bytes_from((const char *)raw, s->size);
    case KEY_OR_NONE:
        if (is_zero(raw)) return same(fd_py.none); /* falls through */
    case KEY: return fd_py.text_from(text, fd_write_key(raw, text));
    default: return number(raw, s->size, s->code == SIGNED);
    }
}

static int is_ascii(const uint8_t *raw, intptr_t size) {
    uint8_t all = 0;
    for (intptr_t i = 0; i < size; i++) all |= raw[i];
    return all < 0x80;
}

/* Reads a u32 size or count, or says that the payload ends here. */
static outcome counted(cursor *c, uint32_t most, uint32_t *n) {
    if (c->at + 4 > c->size) return SHORT;
    memcpy(n, c->data + c->at, 4);
    c->at += 4;
    return *n > most ? BAD : READ;
}

/* One value into `value`, or only past it when `value` is NULL. An error of the interpreter is BAD: the reader in
 * Python then meets it again, or says why the payload is not this event. */
static outcome scalar(const step *s, cursor *c, void **value) {
    intptr_t size = s->size;
    if (s->code == TEXT) {
        uint32_t length;
        outcome got = counted(c, LONGEST_TEXT, &length);
        if (got != READ) return got;
        size = length;
    }
    if (c->at + size > c->size) return SHORT;
    const uint8_t *raw = c->data + c->at;
    c->at += size;
    void *object;
    if (s->code == TEXT) {
        if (!value && is_ascii(raw, size)) return READ;
        object = fd_py.text_from((const char *)raw, size); /* strict UTF-8 */
        if (object && !value) fd_py.decref(object);
    } else {
        if (!value) return READ;
        object = fixed(s, raw);
    }
    if (!object) {
        fd_py.clear();
        return BAD;
    }
    if (value) *value = object;
    return READ;
}

static outcome group(const step *s, int parts, cursor *c, void **value) {
    if (!parts) return scalar(s, c, value);
    void *list = fd_py.list_new(parts);
    outcome got = list ? READ : BAD;
    for (int i = 0; i < parts && got == READ; i++) {
        void *part;
        got = scalar(s + i, c, &part);
        if (got == READ) fd_py.list_set(list, i, part);
    }
    if (got == READ) *value = list;
    else if (list) fd_py.decref(list);
    else fd_py.clear();
    return got;
}

static outcome list_of(const step *s, cursor *c, void **value) {
    uint32_t count;
    outcome got = counted(c, LONGEST_LIST, &count);
    if (got != READ) return got;
    void *list = fd_py.list_new(count);
    if (!list) {
        fd_py.clear();
        return BAD;
    }
    for (uint32_t i = 0; i < count && got == READ; i++) {
        void *item;
        got = group(s + 1, s->size, c, &item);
        if (got == READ) fd_py.list_set(list, i, item);
    }
    if (got == READ) *value = list;
    else fd_py.decref(list);
    return got;
}

static outcome option_of(const step *s, cursor *c, void **value) {
    if (c->at + 1 > c->size) return SHORT;
    uint8_t tag = c->data[c->at++];
    if (tag > 1) return BAD;
    if (tag) return group(s + 1, s->size, c, value);
    *value = same(fd_py.none);
    return READ;
}

/* (payload, plan) -> tuple of the kept values that are there, or the payload itself when it cannot be this event. */
void *fd_read_layout(void *self, void *const *arguments, intptr_t given) {
    (void)self;
    if (given != 2) return fd_wrong_arguments();
    char *raw, *plan;
    intptr_t size, length;
    if (fd_py.bytes_as(arguments[0], &raw, &size) != 0 || fd_py.bytes_as(arguments[1], &plan, &length) != 0) return NULL;
    if (length < 2 || (length - 2) % (intptr_t)sizeof(step)) return fd_wrong_arguments();
    cursor c = {(const uint8_t *)raw, size, (uint8_t)plan[0]};
    const step *s = (const step *)(plan + 2), *end = (const step *)(plan + length);
    void *values[MOST_VALUES];
    int kept = 0, seen = 0;
    outcome got = READ;
    while (s < end) {
        void *value = NULL;
        if (s->code < LIST) {
            got = scalar(s, &c, s->keep ? &value : NULL);
        } else {
            got = s->code == LIST ? list_of(s, &c, &value) : option_of(s, &c, &value);
            if (got == READ && !s->keep) fd_py.decref(value);
        }
        if (got != READ) break;
        if (s->keep) values[kept++] = value;
        seen++;
        s += s->code < LIST ? 1 : 1 + (s->size ? s->size : 1);
    }
    void *tuple = got == BAD || seen < (uint8_t)plan[1] ? NULL : fd_py.tuple_new(kept);
    for (int i = 0; i < kept; i++) {
        if (tuple) fd_py.tuple_set(tuple, i, values[i]);
        else fd_py.decref(values[i]);
    }
    if (tuple) return tuple;
    return fd_py.error() ? NULL : same(arguments[0]);
}
