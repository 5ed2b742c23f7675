/* The step of the window engine: one event, then the rows that changed. */
#ifndef FLUXDESK_WINDOWS_ADD_H
#define FLUXDESK_WINDOWS_ADD_H

#include "windows_memory.h"

extern const int64_t WIN_LENGTH[INTERVALS];

/* Moves the watermark and closes, finishes and rolls out what it has passed. */
void win_step(windows *w, int64_t watermark);

/* The bar of window `number`, made when missing; NULL when memory ran out. */
bar *win_bar(windows *w, uint32_t slot, int interval, int64_t number);

/* The bucket of a second, made when missing, or NONE when memory ran out. */
uint32_t win_bucket(windows *w, uint32_t slot, uint32_t second);

/* Moves an entry's masks so that they are relative to a later second. */
void win_seen_advance(seen *entry, uint32_t second);

/* Marks the trade of a window; bit 0: first of this trader, bit 1: first buy of this trader. */
unsigned win_seen_mark(seen *entry, int interval, int64_t number, int buy);

/* Notes that the trader's last buy was in that bucket, whose second is not before the one known. */
void win_seen_bought(windows *w, seen *entry, uint32_t in_bucket);

/* Applies one event; returns which intervals (bits 0..2) and whether the rolling figures (bit 3) no longer take it. */
uint32_t win_apply(windows *w, const event_record *event);

/* Writes the rows that changed since the last flush. */
void win_flush(windows *w);

#endif
