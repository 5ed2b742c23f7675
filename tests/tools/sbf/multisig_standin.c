/* A stand-in for a multisig: an address of its own that signs what it is told, as Squads' vaults do after a vote.

   It counts no votes. Tests use it to show that an admin can be a program's address. Instruction data: one byte bump, then the
   data of the call. Accounts: the program to call, then those of the call; the one derived from ("vault", bump) signs. */
#include "input.h"

enum { OK = 0, BAD_INPUT = 1, MOST = 12 };

u64 entrypoint(const u8 *input) {
  Account accounts[MOST];
  AccountMeta metas[MOST];
  Input in;
  Pubkey vault;
  if (read_input(input, accounts, MOST, 0, &in) || in.count < 1 || in.data_length < 1) return BAD_INPUT;
  Slice seeds[2] = {SLICE_OF("vault"), {in.data, 1}};
  if (sol_create_program_address(seeds, 2, in.program_id, &vault)) return BAD_INPUT;
  for (u64 i = 1; i < in.count; i++)
    metas[i - 1] = (AccountMeta){accounts[i].key, accounts[i].is_writable, accounts[i].is_signer || same_key(accounts[i].key, &vault)};
  Instruction call = {accounts[0].key, metas, in.count - 1, in.data + 1, in.data_length - 1};
  Seeds signer = {seeds, 2};
  return sol_invoke_signed_c(&call, accounts, in.count, &signer, 1) ? BAD_INPUT : OK;
}
