/* The input of an instruction, read once: accounts, data, program id.

   A key that is given twice arrives as a reference to its first place. Each program says which of its accounts may be the
   same one; any other repetition is refused here, so that no check and no sum further on sees one account under two names. */
#pragma once
#include "solana.h"

enum { ACCOUNT_GROWTH = 10240, NOT_A_DUPLICATE = 0xff };

typedef struct {
  u64 count;
  Account *accounts;
  const u8 *data;
  u64 data_length;
  const Pubkey *program_id;
  int is_repeated; /* the account at `may_repeat` is the first one */
} Input;

typedef enum { READ = 0, TOO_MANY_ACCOUNTS, REPEATED_ACCOUNT } Reading;

/* `may_repeat`: the one index at which account 0 may stand once more. */
APART Reading read_input(const u8 *at, Account *accounts, u64 most, u64 may_repeat, Input *input) {
  u64 count = read_u64(at);
  at += 8;
  input->is_repeated = 0;
  if (count > most) return TOO_MANY_ACCOUNTS;
  for (u64 i = 0; i < count; i++) {
    Account *a = &accounts[i];
    u8 first = *at;
    if (first != NOT_A_DUPLICATE) {
      if (i == 0 || i != may_repeat || first != 0) return REPEATED_ACCOUNT;
      *a = accounts[0];
      input->is_repeated = 1;
      at += 8;
      continue;
    }
    a->is_signer = at[1];
    a->is_writable = at[2];
    a->is_executable = at[3];
    a->key = (Pubkey *)(at + 8);
    a->owner = (Pubkey *)(at + 40);
    a->lamports = (u64 *)(at + 72);
    a->data_length = read_u64(at + 80);
    a->data = (u8 *)(at + 88);
    at += 88 + a->data_length + ACCOUNT_GROWTH;
    at = (const u8 *)(((u64)at + 7) & ~7ULL);
    a->rent_epoch = read_u64(at);
    at += 8;
  }
  input->count = count;
  input->accounts = accounts;
  input->data_length = read_u64(at);
  input->data = at + 8;
  input->program_id = (const Pubkey *)(at + 8 + input->data_length);
  return READ;
}
