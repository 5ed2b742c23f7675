/* What an admin may do: pause new claims for a while, hand over, and take back what nobody claimed. */
#pragma once
#include "checks.h"

/* An event: the distribution, perhaps a key, up to two numbers. */
APART void say(u64 tag, const Pubkey *distribution, const void *key, const u64 *numbers, u64 count) {
  u8 event[8 + 64 + 16];
  u64 length = 40;
  write_u64(event, tag);
  copy_key(event + 8, distribution);
  if (key) {
    copy_key(event + length, key);
    length += 32;
  }
  for (u64 i = 0; i < count; i++, length += 8) write_u64(event + length, numbers[i]);
  Slice said = {event, length};
  sol_log_data(&said, 1);
}

APART u64 as_admin(const Input *in, Distribution **d) {
  TRY(open_distribution_to_change(in, &in->accounts[1], d));
  return must_be_admin(*d, &in->accounts[0]);
}

/* The end moves by the part of the pause in which claims would have been open: a pause costs nobody a claim. */
APART u64 pause(const Input *in) {
  Distribution *d;
  i64 now;
  REQUIRE(in->data_length == 16, ERR_WRONG_INSTRUCTION_DATA);
  i64 until = (i64)read_u64(in->data + 8);
  TRY(as_admin(in, &d));
  TRY(read_clock(&now));
  REQUIRE(now < d->end, ERR_ENDED);
  REQUIRE(until > now && until <= now + LONGEST_PAUSE, ERR_WRONG_PAUSE);
  REQUIRE(now >= d->pause_again_from, ERR_PAUSE_TOO_SOON);
  i64 open_from = now > d->start ? now : d->start;
  if (until > open_from) d->end += until - open_from;
  d->paused_until = until;
  d->pause_again_from = until + PAUSE_COOLDOWN;
  u64 said[2] = {(u64)until, (u64)d->end};
  say(EVENT_PAUSED, in->accounts[1].key, 0, said, 2);
  return 0;
}

APART u64 unpause(const Input *in) {
  Distribution *d;
  i64 now;
  REQUIRE(in->data_length == 8, ERR_WRONG_INSTRUCTION_DATA);
  TRY(as_admin(in, &d));
  TRY(read_clock(&now));
  REQUIRE(now < d->paused_until, ERR_WRONG_PAUSE);
  d->paused_until = now;
  u64 said[2] = {(u64)now, (u64)d->end};
  say(EVENT_PAUSED, in->accounts[1].key, 0, said, 2);
  return 0;
}

APART u64 propose_admin(const Input *in) {
  Distribution *d;
  i64 now;
  REQUIRE(in->data_length == 40, ERR_WRONG_INSTRUCTION_DATA);
  const u8 *proposed = in->data + 8;
  TRY(as_admin(in, &d));
  REQUIRE(!is_zero_key(proposed), ERR_WRONG_ADMIN);
  TRY(read_clock(&now));
  copy_key(&d->pending_admin, proposed);
  d->admin_from = now + d->admin_delay;
  say(EVENT_ADMIN_PROPOSED, in->accounts[1].key, proposed, (const u64 *)&d->admin_from, 1);
  return 0;
}

APART u64 cancel_admin(const Input *in) {
  Distribution *d;
  REQUIRE(in->data_length == 8, ERR_WRONG_INSTRUCTION_DATA);
  TRY(as_admin(in, &d));
  REQUIRE(!is_zero_key(&d->pending_admin), ERR_NO_PENDING_ADMIN);
  copy_key(&d->pending_admin, &SYSTEM_PROGRAM);
  d->admin_from = 0;
  say(EVENT_ADMIN_PROPOSED, in->accounts[1].key, &d->pending_admin, (const u64 *)&d->admin_from, 1);
  return 0;
}

APART u64 accept_admin(const Input *in) {
  const Account *accepting = &in->accounts[ACCEPT_ADMIN_NEW_ADMIN], *distribution = &in->accounts[ACCEPT_ADMIN_DISTRIBUTION];
  Distribution *d;
  i64 now;
  REQUIRE(in->data_length == 8, ERR_WRONG_INSTRUCTION_DATA);
  TRY(must_sign(accepting));
  TRY(open_distribution_to_change(in, distribution, &d));
  REQUIRE(!is_zero_key(&d->pending_admin), ERR_NO_PENDING_ADMIN);
  REQUIRE(same_key(accepting->key, &d->pending_admin), ERR_WRONG_ADMIN);
  TRY(read_clock(&now));
  REQUIRE(now >= d->admin_from, ERR_ADMIN_TOO_EARLY);
  copy_key(&d->admin, accepting->key);
  copy_key(&d->pending_admin, &SYSTEM_PROGRAM);
  d->admin_from = 0;
  say(EVENT_ADMIN_CHANGED, distribution->key, accepting->key, 0, 0);
  return 0;
}

APART u64 claw_back(const Input *in) {
  Account *a = in->accounts;
  const Account *distribution = &a[CLAW_BACK_DISTRIBUTION];
  Payment p = {distribution, &a[CLAW_BACK_VAULT], &a[CLAW_BACK_DESTINATION], &a[CLAW_BACK_MINT], &a[CLAW_BACK_TOKEN_PROGRAM]};
  Distribution *d;
  i64 now;
  u64 total, arrived;
  REQUIRE(in->data_length == 8, ERR_WRONG_INSTRUCTION_DATA);
  TRY(as_admin(in, &d));
  TRY(must_be_its_tokens(d, &p));
  TRY(must_be_destination(&p, 0));
  TRY(read_clock(&now));
  REQUIRE(now >= d->end, ERR_NOT_ENDED);
  u64 rest = unpromised(d, p.vault);
  REQUIRE(rest > 0, ERR_NOTHING_TO_CLAW_BACK);
  REQUIRE(sum(d->clawed_back, rest, &total), ERR_OVERFLOW);
  d->clawed_back = total;
  TRY(send_from_vault(&p, rest, &arrived));
  u64 said[2] = {rest, arrived};
  say(EVENT_CLAWED_BACK, distribution->key, 0, said, 2);
  return 0;
}
