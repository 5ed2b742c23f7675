/* Checks that several instructions make. Each returns zero or a named error. */
#pragma once
#include "state.h"
#include "system.h"
#include "spl.h"

INLINE u64 must_sign(const Account *a) { return a->is_signer ? 0 : ERR_MISSING_SIGNER; }
INLINE u64 must_be_writable(const Account *a) { return a->is_writable ? 0 : ERR_NOT_WRITABLE; }

INLINE u64 must_pay(const Account *payer) {
  TRY(must_sign(payer));
  return must_be_writable(payer);
}

INLINE u64 must_be_system(const Account *a) { return same_key(a->key, &SYSTEM_PROGRAM) ? 0 : ERR_WRONG_PROGRAM; }

/* A distribution that is open or ended, not closed. */
APART u64 open_distribution(const Input *in, const Account *a, Distribution **found) {
  REQUIRE(same_key(a->owner, in->program_id), ERR_WRONG_OWNER);
  REQUIRE(a->data_length >= sizeof(Distribution), ERR_WRONG_ACCOUNT_KIND);
  Distribution *d = (Distribution *)a->data;
  REQUIRE(d->tag == ACCOUNT_DISTRIBUTION && a->data_length == distribution_length(d->verifier_count), ERR_WRONG_ACCOUNT_KIND);
  *found = d;
  return 0;
}

APART u64 open_distribution_to_change(const Input *in, const Account *a, Distribution **found) {
  TRY(must_be_writable(a));
  return open_distribution(in, a, found);
}

INLINE u64 must_be_admin(const Distribution *d, const Account *admin) {
  TRY(must_sign(admin));
  return same_key(admin->key, &d->admin) ? 0 : ERR_WRONG_ADMIN;
}

/* The accounts a payment takes. */
typedef struct {
  const Account *distribution, *vault, *destination, *mint, *token_program;
} Payment;

/* Vault, mint and token program are those the distribution was made with, and still what they were. */
APART u64 must_be_its_tokens(const Distribution *d, const Payment *p) {
  REQUIRE(same_key(p->token_program->key, &d->token_program), ERR_WRONG_PROGRAM);
  REQUIRE(same_key(p->mint->key, &d->mint), ERR_WRONG_MINT);
  REQUIRE(same_key(p->mint->owner, p->token_program->key) && p->mint->data_length >= MINT_LENGTH, ERR_WRONG_OWNER);
  REQUIRE(same_key(p->vault->key, &d->vault), ERR_WRONG_VAULT);
  TRY(must_be_writable(p->vault));
  return is_token_account(p->vault, p->token_program->key) ? 0 : ERR_WRONG_OWNER;
}

/* A token account that can take this mint; `owner` zero: anybody's. */
APART u64 must_be_destination(const Payment *p, const Pubkey *owner) {
  const Account *a = p->destination;
  TRY(must_be_writable(a));
  REQUIRE(is_token_account(a, p->token_program->key), ERR_WRONG_DESTINATION);
  REQUIRE(same_key(a->data + TOKEN_MINT, p->mint->key), ERR_WRONG_MINT);
  REQUIRE(!same_key(a->key, p->vault->key), ERR_WRONG_DESTINATION);
  return !owner || same_key(a->data + TOKEN_OWNER, owner) ? 0 : ERR_WRONG_DESTINATION;
}

APART u64 read_clock(i64 *now) {
  Clock clock;
  REQUIRE(!sol_get_clock_sysvar(&clock), ERR_WRONG_TIMES);
  *now = clock.unix_timestamp;
  return 0;
}

/* What the vault holds beyond what claims are entitled to. */
INLINE u64 unpromised(const Distribution *d, const Account *vault) {
  u64 owed = d->allocated - d->released, held = token_amount(vault);
  return held > owed ? held - owed : 0;
}

/* The seeds with which a distribution signs. They are copied: the account may change while they are in use. */
typedef struct {
  Pubkey creator;
  u8 number[8];
  u8 bump;
  Slice parts[4];
  Seeds seeds;
} Signer;

INLINE void as_signer(const Distribution *d, Signer *s) {
  copy_key(&s->creator, &d->creator);
  write_u64(s->number, d->number);
  s->bump = d->bump;
  s->parts[0] = (Slice)SLICE_OF("distribution");
  s->parts[1] = (Slice){s->creator.bytes, 32};
  s->parts[2] = (Slice){s->number, 8};
  s->parts[3] = (Slice){&s->bump, 1};
  s->seeds = (Seeds){s->parts, 4};
}

/* Send from the vault; what arrived is measured, since the mint may take a fee. */
APART u64 send_from_vault(const Payment *p, u64 amount, u64 *arrived) {
  Signer signer;
  as_signer((const Distribution *)p->distribution->data, &signer);
  u64 before = token_amount(p->destination);
  Transfer t = {p->token_program, p->vault, p->mint, p->destination, p->distribution};
  TRY(transfer_tokens(&t, amount, &signer.seeds));
  *arrived = token_amount(p->destination) - before;
  return 0;
}
