/* Launching a token: the mint is a fresh one whose only authority is the curve, which mints everything to itself and then
   gives that authority up. */
#pragma once
#include "events.h"

INLINE int take_text(const u8 **at, u64 *left, Slice *text) {
  if (*left < 4) return 0;
  u64 length = read_u32(*at);
  if (length > MOST_TEXT || length > *left - 4) return 0;
  *text = (Slice){*at + 4, length};
  *at += 4 + length;
  *left -= 4 + length;
  return 1;
}

APART u64 read_launch(const Input *in, Launch *l) {
  const u8 *at = in->data + 8;
  u64 left = in->data_length - 8;
  REQUIRE(take_text(&at, &left, &l->name) && take_text(&at, &left, &l->symbol) && take_text(&at, &left, &l->uri),
          ERR_WRONG_INSTRUCTION_DATA);
  l->creator = at;
  return left == 32 ? 0 : ERR_WRONG_INSTRUCTION_DATA;
}

APART u64 must_be_fresh_mint(const Account *mint, const Account *curve, const Pubkey *token_program) {
  REQUIRE(mint->is_writable, ERR_NOT_WRITABLE);
  REQUIRE(is_plain_mint(mint, token_program) && mint->data_length == MINT_LENGTH, ERR_WRONG_MINT);
  REQUIRE(mint->data[MINT_DECIMALS] == DECIMALS && read_u64(mint->data + MINT_SUPPLY) == 0, ERR_WRONG_MINT);
  REQUIRE(read_u32(mint->data + MINT_AUTHORITY) == 1 && same_key(mint->data + MINT_AUTHORITY + 4, curve->key), ERR_WRONG_MINT);
  return read_u32(mint->data + MINT_FREEZE_AUTHORITY) == 0 ? 0 : ERR_WRONG_MINT;
}

APART u64 must_be_fresh_vault(const Account *vault, const Account *curve, const Account *mint, const Pubkey *token_program) {
  REQUIRE(vault->is_writable, ERR_NOT_WRITABLE);
  REQUIRE(is_associated_account(vault->key, curve->key, token_program, mint->key), ERR_WRONG_VAULT);
  return is_token_account(vault, token_program) && same_key(vault->data + TOKEN_MINT, mint->key) &&
                 same_key(vault->data + TOKEN_OWNER, curve->key) && read_u32(vault->data + TOKEN_DELEGATE) == 0 &&
                 read_u32(vault->data + TOKEN_CLOSE_AUTHORITY) == 0
             ? 0
             : ERR_WRONG_VAULT;
}

APART u64 mint_everything(const Account *token_program, const Account *mint, const Account *vault, const Account *curve,
                          const Seeds *signer) {
  u8 data[9];
  data[0] = TOKEN_MINT_TO;
  write_u64(data + 1, SUPPLY);
  AccountMeta metas[3] = {{mint->key, 1, 0}, {vault->key, 1, 0}, {curve->key, 0, 1}};
  Account infos[3] = {*mint, *vault, *curve};
  infos[2].data_length = data_length_now(curve);
  Instruction call = {token_program->key, metas, 3, data, sizeof data};
  REQUIRE(!sol_invoke_signed_c(&call, infos, 3, signer, 1), ERR_REFUSED);

  u8 nobody[3] = {TOKEN_SET_AUTHORITY, 0, 0};
  AccountMeta less[2] = {{mint->key, 1, 0}, {curve->key, 0, 1}};
  Account fewer[2] = {*mint, infos[2]};
  Instruction give_up = {token_program->key, less, 2, nobody, sizeof nobody};
  return sol_invoke_signed_c(&give_up, fewer, 2, signer, 1) ? ERR_REFUSED : 0;
}

APART u64 create(const Input *in) {
  Account *a = in->accounts;
  const Account *user = &a[CREATE_USER], *mint = &a[CREATE_MINT], *made = &a[CREATE_BONDING_CURVE];
  const Account *vault = &a[CREATE_VAULT], *token_program = &a[CREATE_TOKEN_PROGRAM];
  Launch launch;
  Clock clock;
  Pubkey derived;
  Signer signer;
  u8 bump = 0;
  REQUIRE(user->is_signer, ERR_MISSING_SIGNER);
  REQUIRE(user->is_writable && made->is_writable, ERR_NOT_WRITABLE);
  REQUIRE(is_token_program(token_program->key), ERR_WRONG_PROGRAM);
  REQUIRE(same_key(a[CREATE_SYSTEM_PROGRAM].key, &SYSTEM_PROGRAM), ERR_WRONG_PROGRAM);
  TRY(read_launch(in, &launch));
  as_signer(mint->key, &bump, &signer);
  REQUIRE(!sol_try_find_program_address(signer.parts, 2, in->program_id, &derived, &bump), ERR_WRONG_ADDRESS);
  REQUIRE(same_key(&derived, made->key), ERR_WRONG_ADDRESS);
  REQUIRE(!same_key(made->owner, in->program_id), ERR_ALREADY_EXISTS);
  REQUIRE(same_key(made->owner, &SYSTEM_PROGRAM) && made->data_length == 0, ERR_WRONG_OWNER);
  TRY(must_be_fresh_mint(mint, made, token_program->key));
  TRY(must_be_fresh_vault(vault, made, mint, token_program->key));

  NewAccount fresh = {user, made, 0, 0, in->program_id, &signer.seeds};
  TRY(make_derived_account(&fresh, CURVE_LENGTH));
  Curve *c = (Curve *)made->data;
  c->tag = ACCOUNT_BONDING_CURVE;
  c->virtual_token = VIRTUAL_TOKEN;
  c->virtual_quote = VIRTUAL_QUOTE;
  c->real_token = REAL_TOKEN;
  c->supply = SUPPLY;
  copy_key(&c->mint, mint->key);
  copy_key(&c->vault, vault->key);
  copy_key(&c->creator, launch.creator);
  copy_key(&c->fee_recipient, a[CREATE_FEE_RECIPIENT].key);
  copy_key(&c->token_program, token_program->key);
  c->bump = bump;
  TRY(mint_everything(token_program, mint, vault, made, &signer.seeds));

  REQUIRE(!sol_get_clock_sysvar(&clock), ERR_OVERFLOW);
  TradeSaid said = {c, user->key, made->key, clock.unix_timestamp, 0, {0, 0}};
  say_created(&said, &launch);
  return 0;
}
