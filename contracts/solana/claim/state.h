/* What the program keeps, at the offsets of the IDL: Borsh of these fields has no gaps, so structures lie on the bytes. */
#pragma once
#include "input.h"
#include "interface.h"

typedef struct {
  u64 tag;
  Pubkey creator, payer, admin, pending_admin, mint, vault, token_program, root, requirements_hash;
  u64 number;
  i64 start, end, vesting_start, vesting_cliff, vesting_end;
  u64 cap_total, cap_count, allocated, released, claims, clawed_back;
  i64 admin_delay, admin_from, paused_until, pause_again_from;
  u8 bump, mode, threshold, reserved;
  u32 verifier_count;
  Pubkey verifiers[];
} Distribution;

typedef struct {
  u64 tag;
  Pubkey distribution, claimant, payer;
  u64 total, released, received;
} ClaimStatus;

typedef struct {
  u64 tag;
  Pubkey distribution, payer;
} Nullifier;

enum { TOMBSTONE_LENGTH = 8 };

_Static_assert(sizeof(Distribution) == 8 + 9 * 32 + 16 * 8 + 8, "no gaps");
_Static_assert(sizeof(ClaimStatus) == 8 + 3 * 32 + 3 * 8, "no gaps");
_Static_assert(sizeof(Nullifier) == 8 + 2 * 32, "no gaps");

INLINE u64 distribution_length(u64 verifiers) { return sizeof(Distribution) + verifiers * 32; }
