/* SPL Token and Token-2022: what an account of theirs says, and the calls that are made of them.

   Layouts: spl-token `state.rs`; extensions of Token-2022 follow the base as (type, length, value), `extension/mod.rs`.
   An including program defines ERR_REFUSED. */
#pragma once
#include "solana.h"

enum { TOKEN_MINT = 0, TOKEN_OWNER = 32, TOKEN_AMOUNT = 64, TOKEN_DELEGATE = 72, TOKEN_STATE = 108, TOKEN_CLOSE_AUTHORITY = 129, TOKEN_LENGTH = 165 };
enum { MINT_AUTHORITY = 0, MINT_SUPPLY = 36, MINT_DECIMALS = 44, MINT_IS_INITIALIZED = 45, MINT_FREEZE_AUTHORITY = 46, MINT_LENGTH = 82 };
enum { KIND_AT = 165, KIND_MINT = 1, KIND_ACCOUNT = 2, EXTENSIONS_AT = 166 };
enum { STATE_INITIALIZED = 1 };
enum { TOKEN_SET_AUTHORITY = 6, TOKEN_MINT_TO = 7, TOKEN_CLOSE_ACCOUNT = 9, TOKEN_TRANSFER_CHECKED = 12 };

/* TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA */
static const Pubkey SPL_TOKEN = {{6, 221, 246, 225, 215, 101, 161, 147, 217, 203, 225, 70, 206, 235, 121, 172,
                                  28, 180, 133, 237, 95, 91, 55, 145, 58, 140, 245, 133, 126, 255, 0, 169}};
/* TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb */
static const Pubkey TOKEN_2022 = {{6, 221, 246, 225, 238, 117, 143, 222, 24, 66, 93, 188, 228, 108, 205, 218,
                                   182, 26, 252, 77, 131, 185, 13, 39, 254, 189, 249, 40, 216, 161, 139, 252}};
/* ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL */
static const Pubkey ASSOCIATED_TOKEN = {{140, 151, 37, 143, 78, 36, 137, 241, 187, 61, 16, 41, 20, 142, 13, 131,
                                         11, 90, 19, 153, 218, 255, 16, 132, 4, 142, 123, 216, 219, 233, 248, 89}};

INLINE int is_token_program(const Pubkey *key) { return same_key(key, &SPL_TOKEN) || same_key(key, &TOKEN_2022); }

/* An initialised, unfrozen token account of this program; a Token-2022 mint is told apart by its kind. */
INLINE int is_token_account(const Account *a, const Pubkey *token_program) {
  if (!same_key(a->owner, token_program) || a->data_length < TOKEN_LENGTH) return 0;
  if (a->data_length > TOKEN_LENGTH && (a->data_length <= KIND_AT || a->data[KIND_AT] != KIND_ACCOUNT)) return 0;
  return a->data[TOKEN_STATE] == STATE_INITIALIZED;
}

INLINE u64 token_amount(const Account *a) { return read_u64(a->data + TOKEN_AMOUNT); }

/* Extensions with which a mint stays what it was: fees, names, ways to show amounts. All others are refused, those to come
   included: a permanent delegate empties the vault, a hook or a pause stops it, and a mint that can be closed is made anew at
   its address with any of these while nobody holds a token of it. */
INLINE int is_harmless_extension(u16 kind) {
  switch (kind) {
    case 1:  /* TransferFeeConfig */
    case 10: /* InterestBearingConfig */
    case 18: /* MetadataPointer */
    case 19: /* TokenMetadata */
    case 20: /* GroupPointer */
    case 21: /* TokenGroup */
    case 22: /* GroupMemberPointer */
    case 23: /* TokenGroupMember */
    case 25: /* ScaledUiAmount */
      return 1;
    default:
      return 0;
  }
}

/* An initialised mint of this program that has harmless extensions only. */
APART int is_plain_mint(const Account *mint, const Pubkey *token_program) {
  if (!same_key(mint->owner, token_program) || mint->data_length < MINT_LENGTH) return 0;
  if (mint->data[MINT_IS_INITIALIZED] != 1) return 0;
  if (mint->data_length == MINT_LENGTH) return 1;
  if (!same_key(token_program, &TOKEN_2022) || mint->data_length <= KIND_AT || mint->data[KIND_AT] != KIND_MINT) return 0;
  u64 at = EXTENSIONS_AT;
  while (at + 4 <= mint->data_length) {
    u16 kind = read_u16(mint->data + at), length = read_u16(mint->data + at + 2);
    if (kind == 0) return 1; /* the rest is empty */
    if (!is_harmless_extension(kind) || at + 4 + length > mint->data_length) return 0;
    at += 4 + (u64)length;
  }
  return 1;
}

/* The only address at which the vault of `wallet` may be. */
APART int is_associated_account(const Pubkey *address, const Pubkey *wallet, const Pubkey *token_program, const Pubkey *mint) {
  Slice seeds[3] = {{wallet->bytes, 32}, {token_program->bytes, 32}, {mint->bytes, 32}};
  Pubkey derived;
  u8 bump;
  return !sol_try_find_program_address(seeds, 3, &ASSOCIATED_TOKEN, &derived, &bump) && same_key(&derived, address);
}

typedef struct {
  const Account *token_program, *from, *mint, *to, *authority;
} Transfer;

/* Move tokens; the token program takes its fee on the way, if the mint has one. */
APART u64 transfer_tokens(const Transfer *t, u64 amount, const Seeds *signer) {
  u8 data[10];
  data[0] = TOKEN_TRANSFER_CHECKED;
  write_u64(data + 1, amount);
  data[9] = t->mint->data[MINT_DECIMALS];
  AccountMeta metas[4] = {{t->from->key, 1, 0}, {t->mint->key, 0, 0}, {t->to->key, 1, 0}, {t->authority->key, 0, 1}};
  Account infos[4] = {*t->from, *t->mint, *t->to, *t->authority};
  Instruction call = {t->token_program->key, metas, 4, data, sizeof data};
  return sol_invoke_signed_c(&call, infos, 4, signer, signer ? 1 : 0) ? ERR_REFUSED : 0;
}
