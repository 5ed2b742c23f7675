/* Giving rent back. After the end nothing can be opened any more, so a claim paid in full and a nullifier have done their
   work; the end cannot move once it has passed. A distribution leaves its first eight bytes: were its address free again,
   its creator could open it anew and old leaves and attestations would be good a second time. */
#pragma once
#include "claiming.h"

/* Give an account's lamports to another and leave nothing: no data, no owner, so that it is gone and cannot be revived
   with what it held. */
APART u64 close_account(Account *gone, Account *to) {
  u64 total;
  if (!sum(*to->lamports, *gone->lamports, &total)) return ERR_OVERFLOW;
  *to->lamports = total;
  *gone->lamports = 0;
  clear_bytes(gone->data, gone->data_length);
  write_u64(gone->data - 8, 0);
  copy_key(gone->owner, &SYSTEM_PROGRAM);
  return 0;
}

APART u64 close_token_account(const Account *token_program, const Account *gone, const Account *to, const Account *authority,
                              const Seeds *signer) {
  u8 data[1] = {TOKEN_CLOSE_ACCOUNT};
  AccountMeta metas[3] = {{gone->key, 1, 0}, {to->key, 1, 0}, {authority->key, 0, 1}};
  Account infos[3] = {*gone, *to, *authority};
  Instruction call = {token_program->key, metas, 3, data, sizeof data};
  return sol_invoke_signed_c(&call, infos, 3, signer, 1) ? ERR_REFUSED : 0;
}

/* Whether nothing can be opened in this distribution any more. */
APART u64 must_be_over(const Input *in, const Account *a) {
  REQUIRE(same_key(a->owner, in->program_id), ERR_WRONG_OWNER);
  if (a->data_length == TOMBSTONE_LENGTH && read_u64(a->data) == ACCOUNT_CLOSED_DISTRIBUTION) return 0;
  Distribution *d;
  i64 now;
  TRY(open_distribution(in, a, &d));
  TRY(read_clock(&now));
  return now >= d->end ? 0 : ERR_NOT_ENDED;
}

APART u64 give_rent_back(Account *gone, Account *payer, const Pubkey *paid_by) {
  TRY(must_be_writable(payer));
  REQUIRE(same_key(payer->key, paid_by), ERR_WRONG_PAYER);
  return close_account(gone, payer);
}

APART u64 close_claim(const Input *in) {
  Account *a = in->accounts;
  ClaimStatus *s;
  REQUIRE(in->data_length == 8, ERR_WRONG_INSTRUCTION_DATA);
  TRY(must_be_over(in, &a[CLOSE_CLAIM_DISTRIBUTION]));
  TRY(status_of(in, &a[CLOSE_CLAIM_DISTRIBUTION], &a[CLOSE_CLAIM_CLAIM_STATUS], &s));
  REQUIRE(s->released == s->total, ERR_NOT_PAID_OUT);
  return give_rent_back(&a[CLOSE_CLAIM_CLAIM_STATUS], &a[CLOSE_CLAIM_PAYER], &s->payer);
}

APART u64 close_nullifier(const Input *in) {
  Account *a = in->accounts, *gone = &a[CLOSE_NULLIFIER_NULLIFIER_ACCOUNT];
  REQUIRE(in->data_length == 8, ERR_WRONG_INSTRUCTION_DATA);
  TRY(must_be_over(in, &a[CLOSE_NULLIFIER_DISTRIBUTION]));
  TRY(must_be_writable(gone));
  REQUIRE(same_key(gone->owner, in->program_id), ERR_WRONG_OWNER);
  Nullifier *n = (Nullifier *)gone->data;
  REQUIRE(gone->data_length == sizeof(Nullifier) && n->tag == ACCOUNT_NULLIFIER, ERR_WRONG_ACCOUNT_KIND);
  REQUIRE(same_key(&n->distribution, a[CLOSE_NULLIFIER_DISTRIBUTION].key), ERR_WRONG_ADDRESS);
  return give_rent_back(gone, &a[CLOSE_NULLIFIER_PAYER], &n->payer);
}

APART u64 close_distribution(const Input *in) {
  Account *a = in->accounts, *gone = &a[CLOSE_DISTRIBUTION_DISTRIBUTION], *payer = &a[CLOSE_DISTRIBUTION_PAYER];
  const Account *vault = &a[CLOSE_DISTRIBUTION_VAULT], *token_program = &a[CLOSE_DISTRIBUTION_TOKEN_PROGRAM];
  Distribution *d;
  Signer signer;
  i64 now;
  u64 kept, total;
  REQUIRE(in->data_length == 8, ERR_WRONG_INSTRUCTION_DATA);
  TRY(open_distribution_to_change(in, gone, &d));
  TRY(must_be_admin(d, &a[CLOSE_DISTRIBUTION_ADMIN]));
  TRY(must_be_writable(payer));
  REQUIRE(same_key(payer->key, &d->payer), ERR_WRONG_PAYER);
  REQUIRE(same_key(token_program->key, &d->token_program), ERR_WRONG_PROGRAM);
  REQUIRE(same_key(vault->key, &d->vault), ERR_WRONG_VAULT);
  TRY(must_be_writable(vault));
  REQUIRE(is_token_account(vault, token_program->key), ERR_WRONG_OWNER);
  TRY(read_clock(&now));
  REQUIRE(now >= d->end, ERR_NOT_ENDED);
  REQUIRE(d->released == d->allocated, ERR_NOT_PAID_OUT);
  REQUIRE(token_amount(vault) == 0, ERR_VAULT_NOT_EMPTY);
  TRY(rent_for(TOMBSTONE_LENGTH, &kept));
  as_signer(d, &signer);
  TRY(close_token_account(token_program, vault, payer, gone, &signer.seeds));

  u64 back = *gone->lamports > kept ? *gone->lamports - kept : 0;
  REQUIRE(sum(*payer->lamports, back, &total), ERR_OVERFLOW);
  *payer->lamports = total;
  *gone->lamports -= back;
  clear_bytes(gone->data, gone->data_length);
  write_u64(gone->data, ACCOUNT_CLOSED_DISTRIBUTION);
  write_u64(gone->data - 8, TOMBSTONE_LENGTH);

  u8 event[8 + 32];
  write_u64(event, EVENT_DISTRIBUTION_CLOSED);
  copy_key(event + 8, gone->key);
  Slice said = {event, sizeof event};
  sol_log_data(&said, 1);
  return 0;
}
