/* A curve's account, at the offsets of the IDL. */
#pragma once
#include "input.h"
#include "interface.h"
#include "system.h"
#include "spl.h"

typedef struct {
  u64 tag;
  u64 virtual_token, virtual_quote, real_token, real_quote, supply;
  Pubkey mint, vault, creator, fee_recipient, token_program;
  u8 bump;
} Curve;

enum { CURVE_LENGTH = 8 + 5 * 8 + 5 * 32 + 1 };
_Static_assert(__builtin_offsetof(Curve, bump) == CURVE_LENGTH - 1, "no gaps");

/* The seeds with which a curve signs. */
typedef struct {
  Slice parts[3];
  Seeds seeds;
} Signer;

INLINE void as_signer(const Pubkey *mint, const u8 *bump, Signer *s) {
  s->parts[0] = (Slice)SLICE_OF("bonding-curve");
  s->parts[1] = (Slice){mint->bytes, 32};
  s->parts[2] = (Slice){bump, 1};
  s->seeds = (Seeds){s->parts, 3};
}
