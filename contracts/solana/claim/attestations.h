/* Attestations: signatures of named verifiers, checked by the Ed25519 program in the instruction right before ours.

   That program verifies whatever its offsets point at, in any instruction of the transaction, and says nothing about what
   that was. So every offset is looked at here: key, signature and message have to lie inside that very instruction, the
   message has to be the one for this claim, the key a verifier's. A verifier counts once however often it signed.
   (Layouts: agave `precompiles/ed25519.rs`, solana-instructions-sysvar `construct_instructions_data`.) */
#pragma once
#include "checks.h"

enum { MESSAGE_LENGTH = 48, OFFSETS_AT = 2, OFFSETS_LENGTH = 14, SIGNATURE_LENGTH = 64, ACCOUNT_REFERENCE = 33, THIS_INSTRUCTION = 0xffff };

/* Ed25519SigVerify111111111111111111111111111 */
static const Pubkey ED25519 = {{3, 125, 70, 214, 124, 147, 251, 190, 18, 249, 66, 143, 131, 141, 64, 255,
                                5, 112, 116, 73, 39, 244, 138, 100, 252, 202, 112, 68, 128, 0, 0, 0}};
/* Sysvar1nstructions1111111111111111111111111 */
static const Pubkey INSTRUCTIONS = {{6, 167, 213, 23, 24, 123, 209, 102, 53, 218, 212, 4, 85, 253, 194, 192,
                                     193, 36, 198, 143, 33, 86, 117, 165, 219, 186, 203, 95, 8, 0, 0, 0}};

typedef struct {
  u64 amount;
  const u8 *nullifier; /* zero without attestations */
  i64 expires;
  u64 proof_count;
  const u8 *proof;
} ClaimArguments;

/* What a verifier signs. The words in front cannot begin a transaction, so a verifier's key signs nothing else by it. */
APART u64 attested_message(const Pubkey *distribution, const Distribution *d, const Pubkey *claimant,
                           const ClaimArguments *c, u8 *message) {
  copy_bytes(message, TEXT("fluxdesk:attest\n"), 16);
  Slice fields[6] = {{distribution->bytes, 32}, {claimant->bytes, 32}, {(const u8 *)&c->amount, 8},
                     {c->nullifier, 32}, {d->requirements_hash.bytes, 32}, {(const u8 *)&c->expires, 8}};
  return sol_keccak256(fields, 6, message + 16) ? ERR_WRONG_MESSAGE : 0;
}

/* Data of the instruction before ours, if it is a call of the Ed25519 program. */
APART u64 verification_before(const Account *sysvar, const u8 **data, u64 *length) {
  REQUIRE(same_key(sysvar->key, &INSTRUCTIONS), ERR_WRONG_ADDRESS);
  const u8 *all = sysvar->data;
  u64 end = sysvar->data_length;
  REQUIRE(end >= 4, ERR_MISSING_ATTESTATIONS);
  u64 count = read_u16(all), current = read_u16(all + end - 2);
  REQUIRE(current > 0 && current < count && 2 + 2 * count <= end, ERR_MISSING_ATTESTATIONS);
  u64 at = read_u16(all + 2 * current); /* 2 + 2 * (current - 1) */
  REQUIRE(at + 2 <= end, ERR_MISSING_ATTESTATIONS);
  at += 2 + ACCOUNT_REFERENCE * (u64)read_u16(all + at);
  REQUIRE(at + 34 <= end && same_key(all + at, &ED25519), ERR_MISSING_ATTESTATIONS);
  *length = read_u16(all + at + 32);
  *data = all + at + 34;
  return at + 34 + *length <= end ? 0 : ERR_MISSING_ATTESTATIONS;
}

INLINE int same_message(const u8 *a, const u8 *b) {
  for (int i = 0; i < MESSAGE_LENGTH; i += 8)
    if (read_u64(a + i) != read_u64(b + i)) return 0;
  return 1;
}

APART u64 must_be_attested(const Account *sysvar, const Distribution *d, const u8 *message) {
  const u8 *data;
  u64 length, seen = 0, distinct = 0;
  TRY(verification_before(sysvar, &data, &length));
  REQUIRE(length >= OFFSETS_AT, ERR_MISSING_ATTESTATIONS);
  u64 count = data[0];
  REQUIRE(OFFSETS_AT + OFFSETS_LENGTH * count <= length, ERR_MISSING_ATTESTATIONS);
  for (u64 i = 0; i < count; i++) {
    const u8 *o = data + OFFSETS_AT + OFFSETS_LENGTH * i;
    REQUIRE(read_u16(o + 2) == THIS_INSTRUCTION && read_u16(o + 6) == THIS_INSTRUCTION && read_u16(o + 12) == THIS_INSTRUCTION,
            ERR_FOREIGN_INSTRUCTION);
    u64 signature = read_u16(o), key = read_u16(o + 4), said = read_u16(o + 8), size = read_u16(o + 10);
    REQUIRE(signature + SIGNATURE_LENGTH <= length && key + 32 <= length && said + size <= length, ERR_MISSING_ATTESTATIONS);
    REQUIRE(size == MESSAGE_LENGTH && same_message(data + said, message), ERR_WRONG_MESSAGE);
    u64 v = 0;
    while (v < d->verifier_count && !same_key(data + key, &d->verifiers[v])) v++;
    REQUIRE(v < d->verifier_count, ERR_UNKNOWN_VERIFIER);
    distinct += !(seen >> v & 1);
    seen |= 1ULL << v;
  }
  return distinct >= d->threshold ? 0 : ERR_TOO_FEW_ATTESTATIONS;
}
