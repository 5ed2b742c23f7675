/* The claim program: distributions of tokens against Merkle proofs, attestations of named verifiers, or both.

   Who may do what is in docs/contracts.md; instructions, accounts, events and errors are in contracts/solana/idl. */
#include "admin.h"
#include "closing.h"
#include "create.h"

enum { MOST_ACCOUNTS = CLAIM_ATTESTED_ACCOUNTS };

/* Exactly the accounts of the instruction. Only where somebody pays may that be the first account again. */
#define TAKES(name, payer_may_be_first)                                                \
  do {                                                                                 \
    REQUIRE(in.count == name##_ACCOUNTS, ERR_WRONG_ACCOUNT_COUNT);                     \
    REQUIRE((payer_may_be_first) || !in.is_repeated, ERR_REPEATED_ACCOUNT);            \
  } while (0)

u64 entrypoint(const u8 *input) {
  Account accounts[MOST_ACCOUNTS];
  Input in;
  switch (read_input(input, accounts, MOST_ACCOUNTS, CLAIM_PAYER, &in)) {
    case TOO_MANY_ACCOUNTS: return ERR_WRONG_ACCOUNT_COUNT;
    case REPEATED_ACCOUNT: return ERR_REPEATED_ACCOUNT;
    case READ: break;
  }
  REQUIRE(in.data_length >= 8, ERR_UNKNOWN_INSTRUCTION);
  switch (read_u64(in.data)) {
    case CALL_CLAIM:
      TAKES(CLAIM, 1);
      return claim(&in, 0);
    case CALL_CLAIM_ATTESTED:
      TAKES(CLAIM_ATTESTED, 1);
      return claim(&in, 1);
    case CALL_RELEASE:
      TAKES(RELEASE, 0);
      return in.data_length == 8 ? release(&in) : ERR_WRONG_INSTRUCTION_DATA;
    case CALL_CREATE_DISTRIBUTION:
      TAKES(CREATE_DISTRIBUTION, 1);
      return create_distribution(&in);
    case CALL_CLAW_BACK:
      TAKES(CLAW_BACK, 0);
      return claw_back(&in);
    case CALL_PAUSE:
      TAKES(PAUSE, 0);
      return pause(&in);
    case CALL_UNPAUSE:
      TAKES(UNPAUSE, 0);
      return unpause(&in);
    case CALL_PROPOSE_ADMIN:
      TAKES(PROPOSE_ADMIN, 0);
      return propose_admin(&in);
    case CALL_CANCEL_ADMIN:
      TAKES(CANCEL_ADMIN, 0);
      return cancel_admin(&in);
    case CALL_ACCEPT_ADMIN:
      TAKES(ACCEPT_ADMIN, 0);
      return accept_admin(&in);
    case CALL_CLOSE_CLAIM:
      TAKES(CLOSE_CLAIM, 0);
      return close_claim(&in);
    case CALL_CLOSE_NULLIFIER:
      TAKES(CLOSE_NULLIFIER, 0);
      return close_nullifier(&in);
    case CALL_CLOSE_DISTRIBUTION:
      TAKES(CLOSE_DISTRIBUTION, 0);
      return close_distribution(&in);
    default:
      return ERR_UNKNOWN_INSTRUCTION;
  }
}
