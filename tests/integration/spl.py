"""Real SPL tokens on a local cluster: mints, supply, token accounts and lookup tables, made by the real programs."""

import base64
from collections.abc import Sequence

from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account
from solders.transaction import VersionedTransaction

from fluxdesk.chains.solana import tokens
from integration.servers import Surfpool
from waiting import until

_MINT_LAMPORTS, _MINT_SIZE = 1_461_600, 82


def key(number: int) -> Keypair:
    """A keypair that is the same in every run."""
    return Keypair.from_seed(number.to_bytes(32, "big"))


def funded(cluster: Surfpool, number: int, lamports: int = 100 * 10**9) -> Keypair:
    """A keypair with SOL."""
    owner = key(number)
    cluster.rpc("requestAirdrop", [str(owner.pubkey()), lamports])
    until(lambda: cluster.rpc("getBalance", [str(owner.pubkey())])["value"] >= lamports)
    return owner


def run(cluster: Surfpool, payer: Keypair, calls: Sequence[Instruction], *signers: Keypair) -> str:
    """Send and wait for `confirmed`; the signature."""
    blockhash = Hash.from_string(cluster.rpc("getLatestBlockhash")["value"]["blockhash"])
    message = MessageV0.try_compile(payer.pubkey(), list(calls), [], blockhash)
    raw = bytes(VersionedTransaction(message, [payer, *signers]))
    signature: str = cluster.rpc("sendTransaction", [base64.b64encode(raw).decode(), {"encoding": "base64"}])

    def landed() -> bool:
        status = cluster.rpc("getSignatureStatuses", [[signature]])["value"][0]
        assert status is None or status["err"] is None, status
        return bool(status) and status["confirmationStatus"] in ("confirmed", "finalized")

    until(landed)
    return signature


def new_mint(
    cluster: Surfpool,
    payer: Keypair,
    mint: Keypair,
    decimals: int = 6,
    supply: int = 10**15,
    program: str = tokens.TOKEN,
) -> tokens.Mint:
    """A mint whose whole supply is in the payer's associated account."""
    owner, program_key = payer.pubkey(), Pubkey.from_string(program)
    made = tokens.Mint(str(mint.pubkey()), program, decimals, supply, frozenset(), False)
    parameters = CreateAccountParams(
        from_pubkey=owner, to_pubkey=mint.pubkey(), lamports=_MINT_LAMPORTS, space=_MINT_SIZE, owner=program_key
    )
    place = AccountMeta(mint.pubkey(), False, True)
    initialise = Instruction(program_key, bytes([20, decimals]) + bytes(owner) + b"\x00", [place])
    accounts = [place, AccountMeta(tokens.associated(owner, made), False, True), AccountMeta(owner, True, False)]
    issue = Instruction(program_key, b"\x07" + supply.to_bytes(8, "little"), accounts)
    calls = [create_account(parameters), initialise, tokens.create_account(owner, owner, made), issue]
    run(cluster, payer, calls, mint)
    return made


def open_accounts(cluster: Surfpool, payer: Keypair, mint: tokens.Mint, owners: Sequence[Pubkey]) -> None:
    """Associated token accounts for the owners, eight a transaction."""
    for start in range(0, len(owners), 8):
        run(cluster, payer, [tokens.create_account(payer.pubkey(), o, mint) for o in owners[start : start + 8]])


def token_amount(cluster: Surfpool, owner: Pubkey, mint: tokens.Mint) -> int:
    """Base units in the associated account; 0 without one."""
    found = cluster.rpc("getAccountInfo", [str(tokens.associated(owner, mint)), {"encoding": "base64"}])["value"]
    return int.from_bytes(base64.b64decode(found["data"][0])[64:72], "little") if found else 0
