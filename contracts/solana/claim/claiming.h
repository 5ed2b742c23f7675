/* Claims: opened once, with a proof or attestations or both; paid at once as far as they have vested, and later by
   `release`, which nothing but time can hold back. */
#pragma once
#include "attestations.h"
#include "merkle.h"
#include "seeded.h"
#include "vesting.h"

APART u64 read_claim(const u8 *data, u64 length, int attested, ClaimArguments *c) {
  u64 fixed = attested ? 8 + 32 + 8 + 4 : 8 + 4;
  REQUIRE(length >= fixed, ERR_WRONG_INSTRUCTION_DATA);
  c->amount = read_u64(data);
  c->nullifier = attested ? data + 8 : 0;
  c->expires = attested ? (i64)read_u64(data + 40) : 0;
  c->proof_count = read_u32(data + fixed - 4);
  c->proof = data + fixed;
  REQUIRE(c->proof_count <= MOST_PROOF && length == fixed + 32 * c->proof_count, ERR_WRONG_INSTRUCTION_DATA);
  return c->amount ? 0 : ERR_ZERO_AMOUNT;
}

INLINE u64 must_be_open(const Distribution *d, i64 now) {
  REQUIRE(now >= d->start, ERR_NOT_STARTED);
  REQUIRE(now < d->end, ERR_ENDED);
  return now >= d->paused_until ? 0 : ERR_IS_PAUSED;
}

/* Room under the caps, and tokens in the vault for all of it: what is promised is there. */
INLINE u64 must_fit(const Distribution *d, const Account *vault, u64 amount) {
  u64 allocated;
  REQUIRE(sum(d->allocated, amount, &allocated), ERR_OVERFLOW);
  REQUIRE(allocated <= d->cap_total, ERR_CAP_TOTAL_REACHED);
  REQUIRE(d->claims < d->cap_count, ERR_CAP_COUNT_REACHED);
  return unpromised(d, vault) >= amount ? 0 : ERR_NOT_FUNDED;
}

/* `like`: how the claim's own account is made. */
APART u64 use_nullifier(const Input *in, const NewAccount *like, const u8 *nullifier) {
  NewAccount made = *like;
  const Account *a = &in->accounts[CLAIM_ATTESTED_NULLIFIER_ACCOUNT];
  Seed seed;
  TRY(seed_for((Slice)SLICE_OF("nullifier"), nullifier, &seed));
  TRY(must_be_free(in, a, made.base->key, &seed, ERR_NULLIFIER_USED));
  made.account = a;
  made.seed = seed.letters;
  TRY(make_seeded_account(&made, sizeof(Nullifier)));
  Nullifier *n = (Nullifier *)a->data;
  n->tag = ACCOUNT_NULLIFIER;
  copy_key(&n->distribution, made.base->key);
  copy_key(&n->payer, made.payer->key);
  return 0;
}

APART void say_claimed(const Pubkey *distribution, const ClaimStatus *s) {
  u8 event[8 + 64 + 24];
  write_u64(event, EVENT_CLAIMED);
  copy_key(event + 8, distribution);
  copy_key(event + 40, &s->claimant);
  write_u64(event + 72, s->total);
  write_u64(event + 80, s->released);
  write_u64(event + 88, s->received);
  Slice said = {event, sizeof event};
  sol_log_data(&said, 1);
}

APART u64 claim(const Input *in, int attested) {
  Account *a = in->accounts;
  const Account *claimant = &a[CLAIM_CLAIMANT], *payer = &a[CLAIM_PAYER], *distribution = &a[CLAIM_DISTRIBUTION];
  const Account *status = &a[CLAIM_CLAIM_STATUS];
  Payment p = {distribution, &a[CLAIM_VAULT], &a[CLAIM_DESTINATION], &a[CLAIM_MINT], &a[CLAIM_TOKEN_PROGRAM]};
  ClaimArguments c;
  Distribution *d;
  Signer signer;
  Seed seed;
  i64 now;
  u64 vested;
  TRY(must_sign(claimant));
  TRY(must_pay(payer));
  TRY(open_distribution_to_change(in, distribution, &d));
  TRY(must_be_system(&a[CLAIM_SYSTEM_PROGRAM]));
  TRY(must_be_its_tokens(d, &p));
  TRY(must_be_destination(&p, claimant->key));
  TRY(read_claim(in->data + 8, in->data_length - 8, attested, &c));
  REQUIRE(attested == !!(d->mode & ATTESTED), ERR_WRONG_MODE);
  TRY(read_clock(&now));
  TRY(must_be_open(d, now));
  TRY(seed_for((Slice)SLICE_OF("claim"), claimant->key->bytes, &seed));
  TRY(must_be_free(in, status, distribution->key, &seed, ERR_ALREADY_CLAIMED));
  if (d->mode & MERKLE) {
    u8 hash[32];
    TRY(leaf_of(distribution->key, claimant->key, c.amount, hash));
    TRY(must_lead_to_root(hash, c.proof, c.proof_count, &d->root));
  } else {
    REQUIRE(c.proof_count == 0, ERR_WRONG_INSTRUCTION_DATA);
  }
  if (attested) {
    u8 message[MESSAGE_LENGTH];
    REQUIRE(now <= c.expires, ERR_ATTESTATION_EXPIRED);
    TRY(attested_message(distribution->key, d, claimant->key, &c, message));
    TRY(must_be_attested(&a[CLAIM_ATTESTED_INSTRUCTIONS], d, message));
  }
  TRY(must_fit(d, p.vault, c.amount));
  TRY(vested_by(d, c.amount, now, &vested));

  d->allocated += c.amount;
  d->released += vested; /* never above `allocated`: a claim vests at most its total */
  d->claims += 1;
  as_signer(d, &signer);
  NewAccount made = {payer, status, distribution, seed.letters, in->program_id, &signer.seeds};
  if (attested) TRY(use_nullifier(in, &made, c.nullifier));
  TRY(make_seeded_account(&made, sizeof(ClaimStatus)));
  ClaimStatus *s = (ClaimStatus *)status->data;
  s->tag = ACCOUNT_CLAIM_STATUS;
  copy_key(&s->distribution, distribution->key);
  copy_key(&s->claimant, claimant->key);
  copy_key(&s->payer, payer->key);
  s->total = c.amount;
  s->released = vested;
  if (vested) TRY(send_from_vault(&p, vested, &s->received));
  say_claimed(distribution->key, s);
  return 0;
}

/* A claim of this distribution. */
APART u64 status_of(const Input *in, const Account *distribution, const Account *status, ClaimStatus **found) {
  TRY(must_be_writable(status));
  REQUIRE(same_key(status->owner, in->program_id), ERR_WRONG_OWNER);
  ClaimStatus *s = (ClaimStatus *)status->data;
  REQUIRE(status->data_length == sizeof(ClaimStatus) && s->tag == ACCOUNT_CLAIM_STATUS, ERR_WRONG_ACCOUNT_KIND);
  REQUIRE(same_key(&s->distribution, distribution->key), ERR_WRONG_ADDRESS);
  *found = s;
  return 0;
}

APART u64 release(const Input *in) {
  Account *a = in->accounts;
  const Account *claimant = &a[RELEASE_CLAIMANT], *distribution = &a[RELEASE_DISTRIBUTION];
  Payment p = {distribution, &a[RELEASE_VAULT], &a[RELEASE_DESTINATION], &a[RELEASE_MINT], &a[RELEASE_TOKEN_PROGRAM]};
  Distribution *d;
  ClaimStatus *s;
  i64 now;
  u64 vested, arrived;
  TRY(must_sign(claimant));
  TRY(open_distribution_to_change(in, distribution, &d));
  TRY(status_of(in, distribution, &a[RELEASE_CLAIM_STATUS], &s));
  REQUIRE(same_key(&s->claimant, claimant->key), ERR_WRONG_ADDRESS);
  TRY(must_be_its_tokens(d, &p));
  TRY(must_be_destination(&p, claimant->key));
  TRY(read_clock(&now));
  TRY(vested_by(d, s->total, now, &vested));
  REQUIRE(vested > s->released, ERR_NOTHING_VESTED);
  u64 due = vested - s->released;
  s->released = vested;
  d->released += due;
  TRY(send_from_vault(&p, due, &arrived));
  s->received += arrived;

  u8 event[8 + 64 + 16];
  write_u64(event, EVENT_RELEASED);
  copy_key(event + 8, distribution->key);
  copy_key(event + 40, claimant->key);
  write_u64(event + 72, due);
  write_u64(event + 80, arrived);
  Slice said = {event, sizeof event};
  sol_log_data(&said, 1);
  return 0;
}
