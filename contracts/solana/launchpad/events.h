/* pump.fun's events, byte for byte: resources/layouts/pumpfun.json says what stands where. What this launchpad does not
   play (volume rewards, cashback, holder rewards) is zero, as it is for tokens that do not use it; SOL is the zero key. */
#pragma once
#include "curve.h"

#define PUMP_CREATE_EVENT 0x7663ebde4da9721bULL
#define PUMP_TRADE_EVENT 0xee61e64ed37fdbbdULL
#define PUMP_COMPLETE_EVENT 0x08982ed49c61725fULL

enum { EVENT_ROOM = 1024 };

typedef struct {
  u64 length;
  u8 bytes[EVENT_ROOM];
} Event;

INLINE void put_u64(Event *e, u64 value) {
  write_u64(e->bytes + e->length, value);
  e->length += 8;
}
INLINE void put_u8(Event *e, u8 value) { e->bytes[e->length++] = value; }
INLINE void put_key(Event *e, const void *key) {
  copy_key(e->bytes + e->length, key);
  e->length += 32;
}
INLINE void put_text(Event *e, Slice text) {
  for (int i = 0; i < 4; i++) put_u8(e, (u8)(text.length >> 8 * i));
  copy_bytes(e->bytes + e->length, text.start, text.length);
  e->length += text.length;
}
INLINE void put_zeros(Event *e, u64 count) {
  clear_bytes(e->bytes + e->length, count);
  e->length += count;
}
INLINE void emit(const Event *e) {
  Slice said = {e->bytes, e->length};
  sol_log_data(&said, 1);
}

typedef struct {
  const Curve *curve;
  const Pubkey *user, *address;
  i64 now;
  u8 is_buy;
  Slice name;
} TradeSaid;

APART void say_trade(const TradeSaid *s, const Trade *t) {
  const Curve *c = s->curve;
  Event e;
  e.length = 0;
  put_u64(&e, PUMP_TRADE_EVENT);
  put_key(&e, &c->mint);
  put_u64(&e, t->quote);
  put_u64(&e, t->token);
  put_u8(&e, s->is_buy);
  put_key(&e, s->user);
  put_u64(&e, (u64)s->now);
  put_u64(&e, c->virtual_quote);
  put_u64(&e, c->virtual_token);
  put_u64(&e, c->real_quote);
  put_u64(&e, c->real_token);
  put_key(&e, &c->fee_recipient);
  put_u64(&e, PROTOCOL_BPS);
  put_u64(&e, t->protocol_fee);
  put_key(&e, &c->creator);
  put_u64(&e, CREATOR_BPS);
  put_u64(&e, t->creator_fee);
  put_zeros(&e, 1 + 4 * 8); /* track_volume, total_unclaimed, total_claimed, current_sol_volume, last_update */
  put_text(&e, s->name);
  put_zeros(&e, 1 + 2 * 8); /* mayhem_mode, cashback_fee_basis_points, cashback */
  put_u64(&e, BUYBACK_BPS);
  put_u64(&e, t->protocol_fee * BUYBACK_BPS / BPS);
  put_zeros(&e, 4 + 32); /* no shareholders, SOL */
  put_u64(&e, t->quote);
  put_u64(&e, c->virtual_quote);
  put_u64(&e, c->real_quote);
  put_zeros(&e, 2 * 8); /* holder_rewards_bps, holder_rewards */
  emit(&e);
}

APART void say_complete(const TradeSaid *s) {
  Event e;
  e.length = 0;
  put_u64(&e, PUMP_COMPLETE_EVENT);
  put_key(&e, s->user);
  put_key(&e, &s->curve->mint);
  put_key(&e, s->address);
  put_u64(&e, (u64)s->now);
  put_zeros(&e, 32);
  emit(&e);
}

typedef struct {
  Slice name, symbol, uri;
  const u8 *creator;
} Launch;

APART void say_created(const TradeSaid *s, const Launch *l) {
  const Curve *c = s->curve;
  Event e;
  e.length = 0;
  put_u64(&e, PUMP_CREATE_EVENT);
  put_text(&e, l->name);
  put_text(&e, l->symbol);
  put_text(&e, l->uri);
  put_key(&e, &c->mint);
  put_key(&e, s->address);
  put_key(&e, s->user);
  put_key(&e, &c->creator);
  put_u64(&e, (u64)s->now);
  put_u64(&e, c->virtual_token);
  put_u64(&e, c->virtual_quote);
  put_u64(&e, c->real_token);
  put_u64(&e, c->supply);
  put_key(&e, &c->token_program);
  put_zeros(&e, 2 + 32); /* is_mayhem_mode, is_cashback_enabled, SOL */
  put_u64(&e, c->virtual_quote);
  put_zeros(&e, 8 + 1); /* creator_fee_bps as the launcher may set it, is_holder_reward */
  emit(&e);
}
