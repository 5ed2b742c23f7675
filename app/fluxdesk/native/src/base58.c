/* Base58 with Bitcoin's alphabet (as Solana writes keys and signatures), between str and bytes objects.
 *
 * Ten digits are one step: 58^10 fits 64 bits, so decoding is limbs * 58^10 + step with 64-bit limbs. Encoding divides
 * by 58^5, which fits 32 bits, so that the compiler turns the division by a constant into a multiplication.
 * What cannot be converted is answered with the argument itself, and base58.py says why in words. */
#include "kernel.h"

#define LONGEST_TEXT 4096
#define LONGEST_DATA 2999
#define LIMBS64 (LONGEST_TEXT * 6 / 64 + 1)  /* log2(58) < 6 bits a digit */
#define STEPS58 (LONGEST_DATA * 8 / 29 + 2)  /* log2(58^5) > 29 bits a step */

#define STEP10 430804206899405824ull /* 58^10 */
#define STEP5 656356768u             /* 58^5 */

static const char DIGITS[59] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/* Digit value + 1 by character; 0 is no digit. */
static const uint8_t VALUE[256] = {
    ['1'] = 1,  ['2'] = 2,  ['3'] = 3,  ['4'] = 4,  ['5'] = 5,  ['6'] = 6,  ['7'] = 7,  ['8'] = 8,  ['9'] = 9,
    ['A'] = 10, ['B'] = 11, ['C'] = 12, ['D'] = 13, ['E'] = 14, ['F'] = 15, ['G'] = 16, ['H'] = 17, ['J'] = 18,
    ['K'] = 19, ['L'] = 20, ['M'] = 21, ['N'] = 22, ['P'] = 23, ['Q'] = 24, ['R'] = 25, ['S'] = 26, ['T'] = 27,
    ['U'] = 28, ['V'] = 29, ['W'] = 30, ['X'] = 31, ['Y'] = 32, ['Z'] = 33, ['a'] = 34, ['b'] = 35, ['c'] = 36,
    ['d'] = 37, ['e'] = 38, ['f'] = 39, ['g'] = 40, ['h'] = 41, ['i'] = 42, ['j'] = 43, ['k'] = 44, ['m'] = 45,
    ['n'] = 46, ['o'] = 47, ['p'] = 48, ['q'] = 49, ['r'] = 50, ['s'] = 51, ['t'] = 52, ['u'] = 53, ['v'] = 54,
    ['w'] = 55, ['x'] = 56, ['y'] = 57, ['z'] = 58,
};

static void *unchanged(void *object) {
    fd_py.incref(object);
    return object;
}

static const uint64_t POWERS[11] = {1ull,           58ull,           3364ull,          195112ull,
                                    11316496ull,    656356768ull,    38068692544ull,   2207984167552ull,
                                    128063081718016ull, 7427658739644928ull, STEP10};

/* str -> bytes, or the str itself when it is no base58 or too long. */
void *fd_b58decode(void *self, void *object) {
    (void)self;
    intptr_t length;
    const char *text = fd_py.text_as(object, &length);
    if (!text) return NULL; /* the interpreter has set TypeError or UnicodeEncodeError */
    if (length > LONGEST_TEXT) return unchanged(object);

    intptr_t zeros = 0;
    while (zeros < length && text[zeros] == '1') zeros++;

    uint64_t limbs[LIMBS64];
    int used = 0;
    uint32_t bad = 0;
    for (intptr_t at = zeros; at < length;) {
        int digits = (int)((length - at) % 10);
        if (digits == 0) digits = 10;
        uint64_t step = 0;
        for (int i = 0; i < digits; i++) {
            uint32_t value = VALUE[(uint8_t)text[at + i]];
            bad |= value == 0;
            step = step * 58 + (value - 1);
        }
        if (bad) return unchanged(object);
        at += digits;
        unsigned __int128 carry = step;
        for (int i = 0; i < used; i++) {
            carry += (unsigned __int128)limbs[i] * POWERS[digits];
            limbs[i] = (uint64_t)carry;
            carry >>= 64;
        }
        if (carry) limbs[used++] = (uint64_t)carry;
    }

    uint8_t out[LONGEST_TEXT + 8];
    memset(out, 0, (size_t)zeros);
    intptr_t size = zeros;
    for (int i = used - 1; i >= 0; i--) {
        uint64_t big_endian = __builtin_bswap64(limbs[i]);
        int skip = i == used - 1 ? __builtin_clzll(limbs[i]) / 8 : 0;
        memcpy(out + size, (uint8_t *)&big_endian + skip, (size_t)(8 - skip));
        size += 8 - skip;
    }
    return fd_py.bytes_from((char *)out, size);
}

/* POWERS32[i][k]: digit k (base 58^5, most significant first) of 2^(32 * (7 - i)). A key is the sum of its eight 32-bit
 * words times these; with every word 2^32 - 1 the largest column, carries included, stays below 0.54 * 2^64. */
static const uint64_t POWERS32[8][9] = {
    {0, 513735, 77223048, 437087610, 300156666, 605448490, 214625350, 141436834, 379377856},
    {0, 0, 78508, 646269101, 118408823, 91512303, 209184527, 413102373, 153715680},
    {0, 0, 0, 11997, 486083817, 3737691, 294005210, 247894721, 289024608},
    {0, 0, 0, 0, 1833, 324463681, 385795061, 551597588, 21339008},
    {0, 0, 0, 0, 0, 280, 127692781, 389432875, 357132832},
    {0, 0, 0, 0, 0, 0, 42, 537767569, 410450016},
    {0, 0, 0, 0, 0, 0, 0, 6, 356826688},
    {0, 0, 0, 0, 0, 0, 0, 0, 1},
};

static char *write_step(char *at, uint32_t step, int skip_ones) {
    char digits[5];
    for (int k = 4; k >= 0; k--) {
        digits[k] = DIGITS[step % 58];
        step /= 58;
    }
    int skip = 0;
    if (skip_ones)
        while (digits[skip] == '1') skip++;
    for (int k = skip; k < 5; k++) *at++ = digits[k];
    return at;
}

intptr_t fd_write_key(const uint8_t *key, char *text) {
    uint64_t steps[9] = {0};
    for (int i = 0; i < 8; i++) {
        uint32_t word;
        memcpy(&word, key + 4 * i, 4);
        word = __builtin_bswap32(word);
        for (int k = i + 1; k < 9; k++) steps[k] += word * POWERS32[i][k];
    }
    for (int k = 8; k > 0; k--) {
        steps[k - 1] += steps[k] / STEP5;
        steps[k] %= STEP5;
    }
    int zeros = 0;
    while (zeros < 32 && key[zeros] == 0) zeros++;
    memset(text, '1', (size_t)zeros);
    char *at = text + zeros;
    int first = 0;
    while (first < 9 && steps[first] == 0) first++;
    for (int k = first; k < 9; k++) at = write_step(at, (uint32_t)steps[k], k == first);
    return at - text;
}

/* (bytes, offsets as bytes of little-endian u16) -> tuple of the texts of the 32-byte keys there; the data itself when
 * an offset runs past its end. */
void *fd_b58keys(void *self, void *const *arguments, intptr_t given) {
    (void)self;
    if (given != 2) return fd_wrong_arguments();
    void *object = arguments[0], *wanted = arguments[1];
    char *data, *raw;
    intptr_t size, length;
    if (fd_py.bytes_as(object, &data, &size) != 0 || fd_py.bytes_as(wanted, &raw, &length) != 0) return NULL;
    intptr_t count = length / 2;
    const uint8_t *offsets = (const uint8_t *)raw;
    for (intptr_t i = 0; i < count; i++)
        if ((offsets[2 * i] | offsets[2 * i + 1] << 8) + 32 > size) return unchanged(object);
    void *keys = fd_py.tuple_new(count);
    if (!keys) return NULL;
    for (intptr_t i = 0; i < count; i++) {
        char text[64];
        intptr_t written = fd_write_key((const uint8_t *)data + (offsets[2 * i] | offsets[2 * i + 1] << 8), text);
        void *key = fd_py.text_from(text, written);
        if (!key) return NULL; /* MemoryError is set */
        fd_py.tuple_set(keys, i, key);
    }
    return keys;
}

/* bytes -> str, or the bytes themselves when they are too long. */
void *fd_b58encode(void *self, void *object) {
    (void)self;
    char *raw;
    intptr_t size;
    if (fd_py.bytes_as(object, &raw, &size) != 0) return NULL; /* TypeError is set */
    if (size > LONGEST_DATA) return unchanged(object);
    const uint8_t *data = (const uint8_t *)raw;
    if (size == 32) {
        char text[64];
        intptr_t written = fd_write_key(data, text);
        return fd_py.text_from(text, written);
    }

    intptr_t zeros = 0;
    while (zeros < size && data[zeros] == 0) zeros++;

    uint32_t steps[STEPS58];
    int used = 0;
    for (intptr_t at = zeros; at < size;) {
        int taken = (int)((size - at) % 4);
        if (taken == 0) taken = 4;
        uint64_t carry = 0;
        for (int i = 0; i < taken; i++) carry = carry << 8 | data[at + i];
        at += taken;
        int shift = 8 * taken;
        for (int i = 0; i < used; i++) {
            carry += (uint64_t)steps[i] << shift;
            steps[i] = (uint32_t)(carry % STEP5);
            carry /= STEP5;
        }
        for (; carry; carry /= STEP5) steps[used++] = (uint32_t)(carry % STEP5);
    }

    char out[LONGEST_DATA + 5 * STEPS58];
    memset(out, '1', (size_t)zeros);
    char *at = out + zeros;
    for (int i = used - 1; i >= 0; i--) at = write_step(at, steps[i], i == used - 1);
    return fd_py.text_from(out, at - out);
}
