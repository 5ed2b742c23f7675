/* Merkle proofs. A leaf is hashed twice and every level has its own first byte, so that no inner node is a leaf and no
   leaf an inner node; a leaf names the distribution, whose address names the program, so that it is good once. */
#pragma once
#include "checks.h"

APART u64 leaf_of(const Pubkey *distribution, const Pubkey *claimant, u64 amount, u8 *leaf) {
  u8 zero = 0, inner[32];
  Slice fields[4] = {SLICE_OF("fluxdesk:claim:1"), {distribution->bytes, 32}, {claimant->bytes, 32}, {(const u8 *)&amount, 8}};
  REQUIRE(!sol_keccak256(fields, 4, inner), ERR_WRONG_PROOF);
  Slice outer[2] = {{&zero, 1}, {inner, 32}};
  return sol_keccak256(outer, 2, leaf) ? ERR_WRONG_PROOF : 0;
}

/* Whether hash a comes before hash b, compared as bytes from the left. */
INLINE int comes_before(const u8 *a, const u8 *b) {
  for (int i = 0; i < 32; i += 8) {
    u64 x = __builtin_bswap64(read_u64(a + i)), y = __builtin_bswap64(read_u64(b + i));
    if (x != y) return x < y;
  }
  return 0;
}

APART u64 must_lead_to_root(u8 *hash, const u8 *proof, u64 count, const Pubkey *root) {
  static const u8 NODE = 1;
  for (u64 i = 0; i < count; i++) {
    const u8 *other = proof + 32 * i;
    int first = comes_before(hash, other);
    Slice pair[3] = {{&NODE, 1}, {first ? hash : other, 32}, {first ? other : hash, 32}};
    REQUIRE(!sol_keccak256(pair, 3, hash), ERR_WRONG_PROOF);
  }
  return same_key(hash, root) ? 0 : ERR_WRONG_PROOF;
}
