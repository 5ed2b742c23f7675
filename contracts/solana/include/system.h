/* Making accounts through the System program, also where somebody has sent lamports ahead to stop that.

   `CreateAccount` refuses an address that holds lamports, and anybody can send some to an address that can be computed.
   Such an account is topped up, given its space and its owner one by one. (System program: `SystemInstruction`.)

   An including program defines ERR_UNKNOWN_RENT and ERR_REFUSED. */
#pragma once
#include "solana.h"
#include "wide.h"

enum { SYSTEM_CREATE = 0, SYSTEM_ASSIGN = 1, SYSTEM_TRANSFER = 2, SYSTEM_CREATE_SEEDED = 3, SYSTEM_ALLOCATE = 8, SYSTEM_ALLOCATE_SEEDED = 9 };
enum { ACCOUNT_OVERHEAD = 128, SEED_LENGTH = 32 };

static const Pubkey SYSTEM_PROGRAM = {{0}};

#define RENT_ONE_YEAR 0x3ff0000000000000ULL  /* 1.0, as a double's bits */
#define RENT_TWO_YEARS 0x4000000000000000ULL /* 2.0 */

/* Lamports that keep an account of so many bytes alive for good. */
APART u64 rent_for(u64 bytes, u64 *lamports) {
  Rent rent;
  if (sol_get_rent_sysvar(&rent)) return ERR_UNKNOWN_RENT;
  u64 years = rent.exemption_threshold_bits == RENT_TWO_YEARS ? 2 : rent.exemption_threshold_bits == RENT_ONE_YEAR ? 1 : 0;
  Wide w = product((ACCOUNT_OVERHEAD + bytes) * years, rent.lamports_per_byte_year);
  if (years == 0 || w.high) return ERR_UNKNOWN_RENT;
  *lamports = w.low;
  return 0;
}

APART u64 system_call(const Account *first, const Account *second, const Account *base, Slice *data, const Seeds *signer) {
  AccountMeta metas[3];
  Account infos[3];
  u64 count = 0;
  metas[count] = (AccountMeta){first->key, 1, second || !base};
  infos[count++] = *first;
  if (second) {
    metas[count] = (AccountMeta){second->key, 1, data->start[0] == SYSTEM_CREATE};
    infos[count++] = *second;
  }
  if (base) {
    metas[count] = (AccountMeta){base->key, 0, 1}; /* signs for an address made with a seed */
    infos[count++] = *base;
  }
  for (u64 i = 0; i < count; i++) infos[i].data_length = data_length_now(&infos[i]);
  Instruction call = {&SYSTEM_PROGRAM, metas, count, data->start, data->length};
  return sol_invoke_signed_c(&call, infos, count, signer, signer ? 1 : 0) ? ERR_REFUSED : 0;
}

INLINE void put_tag(u8 *data, u8 tag) {
  data[0] = tag;
  data[1] = data[2] = data[3] = 0;
}

APART u64 pay(const Account *from, const Account *to, u64 lamports) {
  u8 data[12];
  Slice call = {data, sizeof data};
  put_tag(data, SYSTEM_TRANSFER);
  write_u64(data + 4, lamports);
  return system_call(from, to, 0, &call, 0);
}

/* An account that is to be made. Either `signer` holds the seeds of its own derived address, or `base` is a derived
   address with these seeds and `seed` the letters that make the account's address of it. */
typedef struct {
  const Account *payer, *account, *base;
  const u8 *seed;
  const Pubkey *owner;
  const Seeds *signer;
} NewAccount;

APART u64 make_derived_account(const NewAccount *made, u64 space) {
  u64 needed, held = *made->account->lamports;
  TRY(rent_for(space, &needed));
  u8 data[52];
  Slice call = {data, 52};
  if (held == 0) {
    put_tag(data, SYSTEM_CREATE);
    write_u64(data + 4, needed);
    write_u64(data + 12, space);
    copy_key(data + 20, made->owner);
    return system_call(made->payer, made->account, 0, &call, made->signer);
  }
  if (held < needed) TRY(pay(made->payer, made->account, needed - held));
  put_tag(data, SYSTEM_ALLOCATE);
  write_u64(data + 4, space);
  call.length = 12;
  TRY(system_call(made->account, 0, 0, &call, made->signer));
  put_tag(data, SYSTEM_ASSIGN);
  copy_key(data + 4, made->owner);
  call.length = 36;
  return system_call(made->account, 0, 0, &call, made->signer);
}
