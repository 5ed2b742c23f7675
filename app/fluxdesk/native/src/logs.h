/* Log lines as slices, for what reads them out of Python texts and what reads them out of JSON. */
#ifndef FLUXDESK_LOGS_H
#define FLUXDESK_LOGS_H

#include "kernel.h"

typedef struct {
    const char *text;
    intptr_t length;
} slice;

/* Whether `with` stands at `at`. */
int fd_starts(slice line, intptr_t at, const char *with, intptr_t length);

/* The texts of a list or a tuple; 0 with an error set when one is no text. The caller holds the sequence. */
int fd_slices(void *sequence, intptr_t count, void *(*item)(void *, intptr_t), slice *out);

/* Frames, truncated, broken of the lines, as new objects; 0 with an error set when memory is short. */
int fd_read_stack(const slice *lines, intptr_t count, const slice *wanted, int32_t programs, void *out[3]);

#endif
