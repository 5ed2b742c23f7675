/* Addresses of claims and nullifiers: made from the distribution with a seed, not found with a bump.

   A derived address has up to 256 candidates; whoever may choose among them could claim once for each, and finding the
   first costs 1,500 units a try with no upper bound. An address with a seed is one only and costs the same for everybody:
   sha256(distribution, seed, program), where the seed is 192 bits of a hash in 32 letters. The distribution has to sign for
   it, which only this program can make it do. */
#pragma once
#include "checks.h"

typedef struct {
  u8 letters[SEED_LENGTH];
} Seed;

/* The seed that stands for a claimant ("claim") or a person ("nullifier"): six bits a letter, from '0' up. */
APART u64 seed_for(Slice what, const u8 *who, Seed *seed) {
  u8 hash[32];
  Slice fields[2] = {what, {who, 32}};
  REQUIRE(!sol_keccak256(fields, 2, hash), ERR_WRONG_ADDRESS);
  for (int i = 0; i < 8; i++) {
    u32 bits = (u32)hash[3 * i] << 16 | (u32)hash[3 * i + 1] << 8 | hash[3 * i + 2];
    u8 *to = seed->letters + 4 * i;
    to[0] = '0' + (bits >> 18);
    to[1] = '0' + (bits >> 12 & 63);
    to[2] = '0' + (bits >> 6 & 63);
    to[3] = '0' + (bits & 63);
  }
  return 0;
}

/* The account is at its address, and nothing is there yet; `taken` is the error when our own account is. */
APART u64 must_be_free(const Input *in, const Account *a, const Pubkey *distribution, const Seed *seed, u64 taken) {
  TRY(must_be_writable(a));
  u8 derived[32];
  Slice fields[3] = {{distribution->bytes, 32}, {seed->letters, SEED_LENGTH}, {in->program_id->bytes, 32}};
  REQUIRE(!sol_sha256(fields, 3, derived) && same_key(derived, a->key), ERR_WRONG_ADDRESS);
  REQUIRE(!same_key(a->owner, in->program_id), taken);
  return same_key(a->owner, &SYSTEM_PROGRAM) && a->data_length == 0 ? 0 : ERR_WRONG_OWNER;
}

/* Make the account: `made` has the distribution as its base. */
APART u64 make_seeded_account(const NewAccount *made, u64 space) {
  u64 needed, held = *made->account->lamports;
  TRY(rent_for(space, &needed));
  u8 data[4 + 32 + 8 + SEED_LENGTH + 8 + 8 + 32];
  u8 *rest = data + 4 + 32 + 8 + SEED_LENGTH;
  Slice call = {data, sizeof data};
  copy_key(data + 4, made->base->key);
  write_u64(data + 36, SEED_LENGTH);
  copy_key(data + 44, made->seed);
  if (held == 0) {
    put_tag(data, SYSTEM_CREATE_SEEDED);
    write_u64(rest, needed);
    write_u64(rest + 8, space);
    copy_key(rest + 16, made->owner);
    return system_call(made->payer, made->account, made->base, &call, made->signer);
  }
  if (held < needed) TRY(pay(made->payer, made->account, needed - held));
  put_tag(data, SYSTEM_ALLOCATE_SEEDED); /* gives the owner as well */
  write_u64(rest, space);
  copy_key(rest + 8, made->owner);
  call.length = sizeof data - 8;
  return system_call(made->account, 0, made->base, &call, made->signer);
}
