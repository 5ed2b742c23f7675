/* The Solana runtime as a program written in C sees it: structures, runtime calls, the serialised input.

   Layouts follow the Solana SDK's sol/types.h, sol/cpi.h, sol/pubkey.h and the page "Input Parameter Serialization";
   only what the programs of this folder use is here. Program memory is little endian, and loads need no alignment. */
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

/* A word of somebody else's bytes: may overlap any other type. */
typedef u64 __attribute__((may_alias)) word;

typedef struct { u8 bytes[32]; } Pubkey;
typedef struct { const u8 *start; u64 length; } Slice;
typedef struct { const Slice *parts; u64 count; } Seeds;
typedef struct { const Pubkey *key; u8 is_writable; u8 is_signer; } AccountMeta;

typedef struct {
  const Pubkey *program_id;
  const AccountMeta *accounts;
  u64 accounts_count;
  const u8 *data;
  u64 data_length;
} Instruction;

/* SolAccountInfo of sol/entrypoint.h: the runtime reads this layout in sol_invoke_signed_c. */
typedef struct {
  Pubkey *key;
  u64 *lamports;
  u64 data_length;
  u8 *data;
  Pubkey *owner;
  u64 rent_epoch;
  u8 is_signer;
  u8 is_writable;
  u8 is_executable;
} Account;

typedef struct {
  u64 slot;
  i64 epoch_start;
  u64 epoch;
  u64 leader_schedule_epoch;
  i64 unix_timestamp;
} Clock;

/* The threshold is a double; its bits are looked at, since this machine has no floating point. */
typedef struct {
  u64 lamports_per_byte_year;
  u64 exemption_threshold_bits;
  u8 burn_percent;
} Rent;

extern void sol_log_(const u8 *text, u64 length);
extern void sol_log_data(const Slice *fields, u64 count);
extern u64 sol_keccak256(const Slice *parts, u64 count, u8 *hash);
extern u64 sol_sha256(const Slice *parts, u64 count, u8 *hash);
extern u64 sol_create_program_address(const Slice *seeds, u64 count, const Pubkey *program_id, Pubkey *address);
extern u64 sol_try_find_program_address(const Slice *seeds, u64 count, const Pubkey *program_id, Pubkey *address, u8 *bump);
extern u64 sol_get_clock_sysvar(Clock *clock);
extern u64 sol_get_rent_sysvar(Rent *rent);
extern u64 sol_invoke_signed_c(const Instruction *instruction, const Account *infos, u64 infos_count,
                               const Seeds *signers, u64 signers_count);

#define TEXT(literal) ((const u8 *)(literal))
#define SLICE_OF(literal) {TEXT(literal), sizeof(literal) - 1}
#define INLINE static inline __attribute__((always_inline))
#define APART static __attribute__((noinline)) /* a stack frame of its own: each has 4,096 bytes */

/* A function returns zero or the number of a named error; `TRY` passes an error on. */
#define TRY(expression)          \
  do {                           \
    u64 error_ = (expression);   \
    if (error_) return error_;   \
  } while (0)
#define REQUIRE(condition, error) \
  do {                            \
    if (!(condition)) return error; \
  } while (0)

INLINE u64 read_u64(const u8 *at) { return *(const word *)at; }
INLINE u16 read_u16(const u8 *at) { return (u16)(at[0] | at[1] << 8); }
INLINE u32 read_u32(const u8 *at) { return (u32)read_u16(at) | (u32)read_u16(at + 2) << 16; }
INLINE void write_u64(u8 *at, u64 value) { *(word *)at = value; }

INLINE int same_key(const void *a, const void *b) {
  const word *x = a, *y = b;
  return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3];
}

INLINE int is_zero_key(const void *a) {
  const word *x = a;
  return (x[0] | x[1] | x[2] | x[3]) == 0;
}

INLINE void copy_key(void *to, const void *from) {
  word *x = to;
  const word *y = from;
  for (int i = 0; i < 4; i++) x[i] = y[i];
}

/* The barrier keeps the compiler from making this a call of memcpy, which does not exist here. */
INLINE void copy_bytes(u8 *to, const u8 *from, u64 length) {
  for (u64 i = 0; i < length; i++) {
    to[i] = from[i];
    __asm__ volatile("" ::: "memory");
  }
}

INLINE void clear_bytes(u8 *at, u64 length) {
  for (u64 i = 0; i < length; i++) {
    at[i] = 0;
    __asm__ volatile("" ::: "memory");
  }
}

/* A call that creates or grows an account leaves its new length in front of the data, not in the structure. */
INLINE u64 data_length_now(const Account *account) { return read_u64(account->data - 8); }
