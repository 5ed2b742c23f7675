/* Buying and selling. Lamports of the curve's account above its rent are what it has taken in; what somebody sends there
   besides is not counted. */
#pragma once
#include "events.h"

typedef enum { BUY_TOKENS, BUY_WITH, SELL } Kind;

APART u64 open_trade(const Input *in, Curve **found) {
  Account *a = in->accounts;
  const Account *user = &a[BUY_USER], *curve = &a[BUY_BONDING_CURVE], *wallet = &a[BUY_USER_TOKEN], *mint = &a[BUY_MINT];
  REQUIRE(user->is_signer, ERR_MISSING_SIGNER);
  for (int i = BUY_USER; i <= BUY_CREATOR; i++) REQUIRE(a[i].is_writable, ERR_NOT_WRITABLE);
  REQUIRE(same_key(a[BUY_SYSTEM_PROGRAM].key, &SYSTEM_PROGRAM), ERR_WRONG_PROGRAM);
  REQUIRE(same_key(curve->owner, in->program_id), ERR_WRONG_OWNER);
  Curve *c = (Curve *)curve->data;
  REQUIRE(curve->data_length == CURVE_LENGTH && c->tag == ACCOUNT_BONDING_CURVE, ERR_WRONG_ACCOUNT_KIND);
  REQUIRE(same_key(a[BUY_TOKEN_PROGRAM].key, &c->token_program), ERR_WRONG_PROGRAM);
  REQUIRE(same_key(mint->key, &c->mint), ERR_WRONG_MINT);
  REQUIRE(same_key(a[BUY_VAULT].key, &c->vault), ERR_WRONG_VAULT);
  REQUIRE(same_key(a[BUY_FEE_RECIPIENT].key, &c->fee_recipient), ERR_WRONG_RECIPIENT);
  REQUIRE(same_key(a[BUY_CREATOR].key, &c->creator), ERR_WRONG_RECIPIENT);
  REQUIRE(is_token_account(wallet, &c->token_program), ERR_WRONG_USER_TOKEN);
  REQUIRE(same_key(wallet->data + TOKEN_MINT, mint->key) && same_key(wallet->data + TOKEN_OWNER, user->key), ERR_WRONG_USER_TOKEN);
  *found = c;
  return 0;
}

APART u64 pay_for(const Input *in, Curve *c, const Trade *t) {
  Account *a = in->accounts;
  Signer signer;
  Transfer tokens = {&a[BUY_TOKEN_PROGRAM], &a[BUY_VAULT], &a[BUY_MINT], &a[BUY_USER_TOKEN], &a[BUY_BONDING_CURVE]};
  as_signer(&c->mint, &c->bump, &signer);
  TRY(pay(&a[BUY_USER], &a[BUY_BONDING_CURVE], t->quote));
  TRY(pay(&a[BUY_USER], &a[BUY_FEE_RECIPIENT], t->protocol_fee));
  if (!in->is_repeated) TRY(pay(&a[BUY_USER], &a[BUY_CREATOR], t->creator_fee));
  return transfer_tokens(&tokens, t->token, &signer.seeds);
}

APART u64 pay_out(const Input *in, const Trade *t) {
  Account *a = in->accounts;
  u64 *to_user = a[BUY_USER].lamports, *to_creator = a[BUY_CREATOR].lamports, *to_recipient = a[BUY_FEE_RECIPIENT].lamports;
  Transfer tokens = {&a[BUY_TOKEN_PROGRAM], &a[BUY_USER_TOKEN], &a[BUY_MINT], &a[BUY_VAULT], &a[BUY_USER]};
  TRY(transfer_tokens(&tokens, t->token, 0));
  *a[BUY_BONDING_CURVE].lamports -= t->quote;
  REQUIRE(sum(*to_user, t->quote - t->protocol_fee - t->creator_fee, to_user), ERR_OVERFLOW);
  REQUIRE(sum(*to_recipient, t->protocol_fee, to_recipient), ERR_OVERFLOW);
  return sum(*to_creator, t->creator_fee, to_creator) ? 0 : ERR_OVERFLOW;
}

APART u64 trade(const Input *in, Kind kind) {
  Curve *c;
  Trade t;
  Clock clock;
  u64 total;
  REQUIRE(in->data_length == 24, ERR_WRONG_INSTRUCTION_DATA);
  u64 amount = read_u64(in->data + 8), limit = read_u64(in->data + 16);
  TRY(open_trade(in, &c));
  REQUIRE(!sol_get_clock_sysvar(&clock), ERR_OVERFLOW);
  TradeSaid said = {c, in->accounts[BUY_USER].key, in->accounts[BUY_BONDING_CURVE].key, clock.unix_timestamp, kind != SELL, {0, 0}};
  if (kind == BUY_TOKENS) {
    TRY(buy_exact_tokens(c, amount, &t));
    TRY(paid(&t, &total));
    REQUIRE(total <= limit, ERR_SLIPPAGE_EXCEEDED);
    said.name = (Slice)SLICE_OF("buy");
  } else if (kind == BUY_WITH) {
    TRY(buy_exact_quote(c, amount, &t));
    REQUIRE(t.token >= limit, ERR_SLIPPAGE_EXCEEDED);
    said.name = (Slice)SLICE_OF("buy_exact_sol_in");
  } else {
    TRY(sell_tokens(c, amount, &t));
    REQUIRE(t.quote - t.protocol_fee - t.creator_fee >= limit, ERR_SLIPPAGE_EXCEEDED);
    said.name = (Slice)SLICE_OF("sell");
  }
  TRY(kind == SELL ? pay_out(in, &t) : pay_for(in, c, &t));
  say_trade(&said, &t);
  if (c->real_token == 0) say_complete(&said);
  return 0;
}
