/* A launchpad to practise on: a constant-product curve on virtual reserves whose events have pump.fun's byte format.

   It is not pump.fun. It runs under the practice id that the practice market uses; no key can deploy it there, so no real
   cluster runs it, and the clients refuse to call it on one. Migration to an exchange is not part of it. */
#include "create.h"
#include "trading.h"

enum { MOST_ACCOUNTS = BUY_ACCOUNTS };

u64 entrypoint(const u8 *input) {
  Account accounts[MOST_ACCOUNTS];
  Input in;
  switch (read_input(input, accounts, MOST_ACCOUNTS, BUY_CREATOR, &in)) {
    case TOO_MANY_ACCOUNTS: return ERR_WRONG_ACCOUNT_COUNT;
    case REPEATED_ACCOUNT: return ERR_REPEATED_ACCOUNT;
    case READ: break;
  }
  REQUIRE(in.data_length >= 8, ERR_UNKNOWN_INSTRUCTION);
  u64 call = read_u64(in.data);
  if (call == CALL_CREATE) {
    REQUIRE(in.count == CREATE_ACCOUNTS, ERR_WRONG_ACCOUNT_COUNT);
    REQUIRE(!in.is_repeated, ERR_REPEATED_ACCOUNT);
    return create(&in);
  }
  REQUIRE(call == CALL_BUY || call == CALL_BUY_EXACT_SOL_IN || call == CALL_SELL, ERR_UNKNOWN_INSTRUCTION);
  REQUIRE(in.count == BUY_ACCOUNTS, ERR_WRONG_ACCOUNT_COUNT);
  return trade(&in, call == CALL_BUY ? BUY_TOKENS : call == CALL_SELL ? SELL : BUY_WITH);
}
