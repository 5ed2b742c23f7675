/* The few Solana runtime calls and structures that the stand-in programs use.
   C ABI as in the Solana SDK's sol/types.h, sol/log.h, sol/cpi.h; only what is needed here. */
#pragma once

typedef unsigned char u8;
typedef unsigned long long u64;

typedef struct { u8 bytes[32]; } Pubkey;
typedef struct { const u8 *start; u64 length; } Slice;
typedef struct { const Pubkey *key; u8 is_writable; u8 is_signer; } AccountMeta;

typedef struct {
  const Pubkey *program_id;
  const AccountMeta *accounts;
  u64 accounts_count;
  const u8 *data;
  u64 data_length;
} Instruction;

extern void sol_log_(const u8 *text, u64 length);
extern void sol_log_data(const Slice *fields, u64 count);
extern u64 sol_invoke_signed_c(const Instruction *instruction, const void *infos, u64 infos_count,
                               const void *seeds, u64 seeds_count);
