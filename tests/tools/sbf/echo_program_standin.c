/* A stand-in for a launchpad on a local chain: it says what its caller tells it to say, in the way an Anchor program would.

   It is not a launchpad. Tests install it at a launchpad's program id so that subscriptions, log lines, self-CPIs and decoding
   meet a real validator's bytes. Instruction data:

     8 bytes   instruction discriminator, ignored here, read by decoders
     1 byte    mode: 0 event in the log, 1 event as self-CPI, 2 as 0 and then fail, 3 fill the log past the validator's cut, then as 0
     1 byte    n
     n bytes   text of the log line, such as "Instruction: Create"
     rest      the event, discriminator included

   Data that begins with Anchor's event tag is its own self-CPI: accepted in silence. */
#include "solana.h"

enum { LOGGED = 0, SELF_CPI = 1, FAILED = 2, TRUNCATED = 3 };
enum { OK = 0, BAD_INPUT = 1, TOLD_TO_FAIL = 6001 };
enum { ACCOUNT_FIXED = 8 + 32 + 32 + 8 + 8, ACCOUNT_GROWTH = 10240, HEADER = 10, FILLING_LINES = 150 };

static const u8 EVENT_TAG[8] = {0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d};
static const u8 FILLING[] = "A line that only makes the log longer than a validator keeps, so that what follows is cut off.";

/* Where the instruction data begins: after the serialised accounts (Solana docs, "Input Parameter Serialization"). */
static const u8 *after_accounts(const u8 *input) {
  u64 count = read_u64(input);
  const u8 *at = input + 8;
  for (u64 i = 0; i < count; i++) {
    if (*at != 0xff) {
      at += 8;
      continue;
    }
    u64 data_length = read_u64(at + ACCOUNT_FIXED - 8);
    u64 next = (u64)(at + ACCOUNT_FIXED + data_length + ACCOUNT_GROWTH);
    at = (const u8 *)((next + 7) & ~7ULL) + 8;
  }
  return at;
}

static int is_own_event(const u8 *data, u64 length) {
  if (length < 8) return 0;
  for (int i = 0; i < 8; i++)
    if (data[i] != EVENT_TAG[i]) return 0;
  return 1;
}

static u64 invoke_self(const Pubkey *self, const u8 *event, u64 length) {
  u8 data[1024];
  if (length > sizeof data - 8) return BAD_INPUT;
  copy_bytes(data, EVENT_TAG, 8);
  copy_bytes(data + 8, event, length);
  Instruction call = {self, 0, 0, data, 8 + length};
  return sol_invoke_signed_c(&call, 0, 0, 0, 0);
}

u64 entrypoint(const u8 *input) {
  const u8 *at = after_accounts(input);
  u64 length = read_u64(at);
  const u8 *data = at + 8;
  const Pubkey *self = (const Pubkey *)(data + length);
  if (is_own_event(data, length)) return OK;
  if (length < HEADER || length < HEADER + (u64)data[9]) return BAD_INPUT;

  u8 mode = data[8];
  const u8 *text = data + HEADER;
  const u8 *event = text + data[9];
  u64 event_length = length - HEADER - data[9];

  sol_log_(text, data[9]);
  if (mode == SELF_CPI) return invoke_self(self, event, event_length);
  if (mode == TRUNCATED)
    for (int i = 0; i < FILLING_LINES; i++) sol_log_(FILLING, sizeof FILLING - 1);
  Slice fields[1] = {{event, event_length}};
  sol_log_data(fields, 1);
  return mode == FAILED ? TOLD_TO_FAIL : OK;
}
