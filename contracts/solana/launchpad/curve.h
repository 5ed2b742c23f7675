/* Constant product on virtual reserves, fees beside the curve. Every step is that of app/fluxdesk/core/curves/pumpfun.py, to
   the unit: quote is rounded up for a buyer and down for a seller, each fee is rounded up. */
#pragma once
#include "state.h"

enum { BPS = 10000 };

typedef struct {
  u64 token, quote, protocol_fee, creator_fee;
} Trade;

APART u64 fees_of(u64 quote, Trade *t) {
  t->quote = quote;
  REQUIRE(product_over_up(quote, PROTOCOL_BPS, BPS, &t->protocol_fee), ERR_OVERFLOW);
  return product_over_up(quote, CREATOR_BPS, BPS, &t->creator_fee) ? 0 : ERR_OVERFLOW;
}

/* reserve_out * amount / (reserve_in + amount), rounded down: below reserve_out, so it always fits. */
APART u64 amount_out(u64 reserve_in, u64 reserve_out, u64 amount, u64 *out) {
  u64 after, rest;
  Wide top = product(reserve_out, amount);
  if (sum(reserve_in, amount, &after)) return divide(top, after, out, &rest) ? 0 : ERR_OVERFLOW;
  return ERR_OVERFLOW;
}

APART u64 paid(const Trade *t, u64 *total) {
  REQUIRE(sum(t->quote, t->protocol_fee, total), ERR_OVERFLOW);
  return sum(*total, t->creator_fee, total) ? 0 : ERR_OVERFLOW;
}

/* Take the tokens off the curve and add the quote. */
APART u64 bought(Curve *c, const Trade *t) {
  u64 virtual_quote, real_quote;
  REQUIRE(sum(c->virtual_quote, t->quote, &virtual_quote) && sum(c->real_quote, t->quote, &real_quote), ERR_OVERFLOW);
  c->virtual_quote = virtual_quote;
  c->real_quote = real_quote;
  c->virtual_token -= t->token;
  c->real_token -= t->token;
  return 0;
}

APART u64 buy_exact_tokens(Curve *c, u64 wanted, Trade *t) {
  u64 quote;
  REQUIRE(wanted > 0, ERR_ZERO_AMOUNT);
  t->token = wanted < c->real_token ? wanted : c->real_token;
  REQUIRE(t->token > 0, ERR_CURVE_COMPLETE);
  REQUIRE(t->token < c->virtual_token, ERR_NOT_ENOUGH_LIQUIDITY);
  REQUIRE(product_over_down(t->token, c->virtual_quote, c->virtual_token - t->token, &quote), ERR_OVERFLOW);
  REQUIRE(sum(quote, 1, &quote), ERR_OVERFLOW);
  TRY(fees_of(quote, t));
  return bought(c, t);
}

APART u64 buy_exact_quote(Curve *c, u64 spend, Trade *t) {
  u64 net, total, token = 0;
  REQUIRE(spend > 0, ERR_ZERO_AMOUNT);
  REQUIRE(c->real_token > 0, ERR_CURVE_COMPLETE);
  REQUIRE(product_over_down(spend, BPS, BPS + PROTOCOL_BPS + CREATOR_BPS, &net), ERR_OVERFLOW);
  TRY(fees_of(net, t));
  TRY(paid(t, &total));
  if (total > spend) t->quote -= total - spend;
  if (t->quote > 1) TRY(amount_out(c->virtual_quote, c->virtual_token, t->quote - 1, &token));
  REQUIRE(token > 0, ERR_ZERO_AMOUNT);
  REQUIRE(token <= c->real_token, ERR_NOT_ENOUGH_LIQUIDITY);
  t->token = token;
  return bought(c, t);
}

APART u64 sell_tokens(Curve *c, u64 token, Trade *t) {
  u64 quote, virtual_token, real_token;
  REQUIRE(token > 0, ERR_ZERO_AMOUNT);
  REQUIRE(sum(c->virtual_token, token, &virtual_token) && sum(c->real_token, token, &real_token), ERR_OVERFLOW);
  TRY(amount_out(c->virtual_token, c->virtual_quote, token, &quote));
  REQUIRE(quote > 0, ERR_ZERO_AMOUNT);
  t->token = token;
  TRY(fees_of(quote, t));
  REQUIRE(quote <= c->real_quote && t->protocol_fee + t->creator_fee <= quote, ERR_NOT_ENOUGH_LIQUIDITY);
  c->virtual_token = virtual_token;
  c->real_token = real_token;
  c->virtual_quote -= quote;
  c->real_quote -= quote;
  return 0;
}
