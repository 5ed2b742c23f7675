/* Opening a distribution. Terms are checked once here and never change, but for the end, which a pause moves. */
#pragma once
#include "checks.h"

typedef struct {
  u64 number;
  u8 mode, threshold;
  const u8 *root, *requirements_hash;
  i64 start, end, vesting_start, vesting_cliff, vesting_end;
  u64 cap_total, cap_count;
  const u8 *admin;
  i64 admin_delay;
  u32 verifier_count;
  const u8 *verifiers;
} Terms;

enum { TERMS_LENGTH = 8 + 2 + 64 + 56 + 32 + 8 + 4 };

APART u64 read_terms(const u8 *data, u64 length, Terms *t) {
  REQUIRE(length >= TERMS_LENGTH, ERR_WRONG_INSTRUCTION_DATA);
  t->number = read_u64(data);
  t->mode = data[8];
  t->threshold = data[9];
  t->root = data + 10;
  t->requirements_hash = data + 42;
  t->start = (i64)read_u64(data + 74);
  t->end = (i64)read_u64(data + 82);
  t->vesting_start = (i64)read_u64(data + 90);
  t->vesting_cliff = (i64)read_u64(data + 98);
  t->vesting_end = (i64)read_u64(data + 106);
  t->cap_total = read_u64(data + 114);
  t->cap_count = read_u64(data + 122);
  t->admin = data + 130;
  t->admin_delay = (i64)read_u64(data + 162);
  t->verifier_count = read_u32(data + 170);
  t->verifiers = data + TERMS_LENGTH;
  REQUIRE(t->verifier_count <= MOST_VERIFIERS, ERR_WRONG_INSTRUCTION_DATA);
  return length == TERMS_LENGTH + 32 * (u64)t->verifier_count ? 0 : ERR_WRONG_INSTRUCTION_DATA;
}

INLINE int is_time(i64 t) { return t >= 0 && t <= LATEST_TIME; }

APART u64 check_terms(const Terms *t, i64 now) {
  REQUIRE(t->mode >= MERKLE && t->mode <= (MERKLE | ATTESTED), ERR_WRONG_MODE);
  REQUIRE(is_zero_key(t->root) == !(t->mode & MERKLE), ERR_WRONG_MODE);
  if (t->mode & ATTESTED)
    REQUIRE(t->threshold >= 1 && t->threshold <= t->verifier_count, ERR_WRONG_MODE);
  else
    REQUIRE(t->threshold == 0 && t->verifier_count == 0, ERR_WRONG_MODE);
  for (u64 i = 0; i < t->verifier_count; i++) {
    REQUIRE(!is_zero_key(t->verifiers + 32 * i), ERR_WRONG_MODE);
    for (u64 j = 0; j < i; j++) REQUIRE(!same_key(t->verifiers + 32 * i, t->verifiers + 32 * j), ERR_WRONG_MODE);
  }
  REQUIRE(is_time(t->start) && is_time(t->end) && t->start < t->end && now < t->end, ERR_WRONG_TIMES);
  REQUIRE(is_time(t->vesting_start) && is_time(t->vesting_end), ERR_WRONG_TIMES);
  REQUIRE(t->vesting_start <= t->vesting_cliff && t->vesting_cliff <= t->vesting_end, ERR_WRONG_TIMES);
  REQUIRE(t->cap_total > 0 && t->cap_count > 0, ERR_WRONG_CAPS);
  REQUIRE(!is_zero_key(t->admin), ERR_WRONG_ADMIN);
  return t->admin_delay >= LEAST_ADMIN_DELAY && t->admin_delay <= MOST_ADMIN_DELAY ? 0 : ERR_WRONG_TIMES;
}

/* The vault can be moved by nobody but the distribution. */
APART u64 check_vault(const Account *vault, const Account *distribution, const Account *mint, const Account *token_program) {
  REQUIRE(is_associated_account(vault->key, distribution->key, token_program->key, mint->key), ERR_WRONG_VAULT);
  REQUIRE(is_token_account(vault, token_program->key), ERR_WRONG_VAULT);
  REQUIRE(same_key(vault->data + TOKEN_MINT, mint->key), ERR_WRONG_VAULT);
  REQUIRE(same_key(vault->data + TOKEN_OWNER, distribution->key), ERR_WRONG_VAULT);
  return read_u32(vault->data + TOKEN_DELEGATE) == 0 && read_u32(vault->data + TOKEN_CLOSE_AUTHORITY) == 0 ? 0 : ERR_WRONG_VAULT;
}

APART u64 create_distribution(const Input *in) {
  Account *a = in->accounts;
  const Account *creator = &a[CREATE_DISTRIBUTION_CREATOR], *payer = &a[CREATE_DISTRIBUTION_PAYER];
  const Account *made = &a[CREATE_DISTRIBUTION_DISTRIBUTION], *vault = &a[CREATE_DISTRIBUTION_VAULT];
  const Account *mint = &a[CREATE_DISTRIBUTION_MINT], *token_program = &a[CREATE_DISTRIBUTION_TOKEN_PROGRAM];
  Terms t;
  i64 now;
  TRY(must_sign(creator));
  TRY(must_pay(payer));
  TRY(must_be_writable(made));
  TRY(must_be_system(&a[CREATE_DISTRIBUTION_SYSTEM_PROGRAM]));
  TRY(read_terms(in->data + 8, in->data_length - 8, &t));
  TRY(read_clock(&now));
  TRY(check_terms(&t, now));
  REQUIRE(is_token_program(token_program->key), ERR_WRONG_PROGRAM);
  REQUIRE(is_plain_mint(mint, token_program->key), ERR_UNSUPPORTED_MINT);

  Slice seeds[4] = {SLICE_OF("distribution"), {creator->key->bytes, 32}, {(const u8 *)&t.number, 8}, {0, 1}};
  Pubkey derived;
  u8 bump;
  REQUIRE(!sol_try_find_program_address(seeds, 3, in->program_id, &derived, &bump), ERR_WRONG_ADDRESS);
  REQUIRE(same_key(&derived, made->key), ERR_WRONG_ADDRESS);
  REQUIRE(!same_key(made->owner, in->program_id), ERR_ALREADY_EXISTS);
  REQUIRE(same_key(made->owner, &SYSTEM_PROGRAM) && made->data_length == 0, ERR_WRONG_OWNER);
  TRY(check_vault(vault, made, mint, token_program));

  seeds[3].start = &bump;
  Seeds signer = {seeds, 4};
  NewAccount fresh = {payer, made, 0, 0, in->program_id, &signer};
  TRY(make_derived_account(&fresh, distribution_length(t.verifier_count)));
  Distribution *d = (Distribution *)made->data;
  d->tag = ACCOUNT_DISTRIBUTION;
  copy_key(&d->creator, creator->key);
  copy_key(&d->payer, payer->key);
  copy_key(&d->admin, t.admin);
  copy_key(&d->mint, mint->key);
  copy_key(&d->vault, vault->key);
  copy_key(&d->token_program, token_program->key);
  copy_key(&d->root, t.root);
  copy_key(&d->requirements_hash, t.requirements_hash);
  d->number = t.number;
  d->start = t.start;
  d->end = t.end;
  d->vesting_start = t.vesting_start;
  d->vesting_cliff = t.vesting_cliff;
  d->vesting_end = t.vesting_end;
  d->cap_total = t.cap_total;
  d->cap_count = t.cap_count;
  d->admin_delay = t.admin_delay;
  d->bump = bump;
  d->mode = t.mode;
  d->threshold = t.threshold;
  d->verifier_count = t.verifier_count;
  for (u64 i = 0; i < t.verifier_count; i++) copy_key(&d->verifiers[i], t.verifiers + 32 * i);

  u64 tag = EVENT_DISTRIBUTION_CREATED;
  u8 event[8 + 5 * 32];
  write_u64(event, tag);
  copy_key(event + 8, made->key);
  copy_key(event + 40, mint->key);
  copy_key(event + 72, t.admin);
  copy_key(event + 104, t.root);
  copy_key(event + 136, t.requirements_hash);
  Slice said = {event, sizeof event};
  sol_log_data(&said, 1);
  return 0;
}
