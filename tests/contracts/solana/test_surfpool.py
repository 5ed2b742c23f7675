"""The claim program on a validator with RPC, put there by the real loader: buffer, writes, deployment, claim."""

import base64
import struct
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM
from solders.system_program import CreateAccountParams, TransferParams, create_account, transfer
from solders.transaction import VersionedTransaction

from contracts.solana.loader import deployed
from contracts.solana.stage import ASSOCIATED, DAY, DECIMALS, SPL_TOKEN, program
from fluxdesk.chains.solana.programs import claim, proofs
from fluxdesk.chains.solana.programs.addresses import claim_address, distribution_address, vault_address
from integration.servers import SURFPOOL, Surfpool
from needs import tool
from waiting import until

WITHIN_S = 60.0


@pytest.fixture(scope="module")
def net() -> Iterator["Net"]:
    tool(SURFPOOL)
    with Surfpool([]) as server:
        yield Net(server)


class Net:
    """A validator and a funded payer."""

    def __init__(self, server: Surfpool) -> None:
        self.server = server
        self.payer = Keypair()
        self.server.rpc("requestAirdrop", [str(self.payer.pubkey()), 100 * 10**9])
        until(lambda: self.server.rpc("getBalance", [str(self.payer.pubkey())])["value"] or None, WITHIN_S)

    def rent(self, space: int) -> int:
        return int(self.server.rpc("getMinimumBalanceForRentExemption", [space]))

    def send(self, calls: Sequence[Instruction], signers: Sequence[Keypair] = ()) -> Any:
        """Send, wait, and return the error (None: it went through)."""
        blockhash = Hash.from_string(self.server.rpc("getLatestBlockhash")["value"]["blockhash"])
        message = MessageV0.try_compile(self.payer.pubkey(), list(calls), [], blockhash)
        unique = {str(s.pubkey()): s for s in [self.payer, *signers]}
        keys = message.account_keys[: message.header.num_required_signatures]
        raw = bytes(VersionedTransaction(message, [unique[str(k)] for k in keys]))
        assert len(raw) <= 1232
        options = {"encoding": "base64", "skipPreflight": True}
        signature = self.server.rpc("sendTransaction", [base64.b64encode(raw).decode(), options])
        status = until(lambda: self.server.rpc("getSignatureStatuses", [[signature]])["value"][0], WITHIN_S)
        return status["err"]

    def account(self, address: Pubkey) -> bytes:
        value = self.server.rpc("getAccountInfo", [str(address), {"encoding": "base64"}])["value"]
        return base64.b64decode(value["data"][0]) if value else b""

    def deploy(self, so: bytes) -> Pubkey:
        """Through the upgradeable loader. Raises `AssertionError` when it refuses."""

        def send(calls: Sequence[Instruction], signers: Sequence[Keypair]) -> None:
            assert self.send(calls, signers) is None

        return deployed(so, self.payer.pubkey(), self.rent, send)

    def associated(self, owner: Pubkey, mint: Pubkey) -> Instruction:
        metas = [
            AccountMeta(self.payer.pubkey(), True, True),
            AccountMeta(vault_address(owner, mint, SPL_TOKEN), False, True),
        ]
        metas += [AccountMeta(k, False, False) for k in (owner, mint, SYSTEM, SPL_TOKEN)]
        return Instruction(ASSOCIATED, b"\1", metas)


def test_a_distribution_lives_on_a_validator_from_deployment_to_claim(net: Net) -> None:
    deployed = net.deploy(program())
    me, user, mint = net.payer.pubkey(), Keypair(), Keypair()
    address = distribution_address(deployed, me, 1)
    vault, wallet = (
        vault_address(address, mint.pubkey(), SPL_TOKEN),
        vault_address(user.pubkey(), mint.pubkey(), SPL_TOKEN),
    )
    made = create_account(
        CreateAccountParams(from_pubkey=me, to_pubkey=mint.pubkey(), lamports=net.rent(82), space=82, owner=SPL_TOKEN)
    )
    init = Instruction(SPL_TOKEN, bytes([20, DECIMALS]) + bytes(me) + b"\0", [AccountMeta(mint.pubkey(), False, True)])
    fill = [AccountMeta(mint.pubkey(), False, True), AccountMeta(vault, False, True), AccountMeta(me, True, False)]
    minted = Instruction(SPL_TOKEN, b"\7" + struct.pack("<Q", 5_000), fill)
    calls = [made, init, net.associated(address, mint.pubkey()), net.associated(user.pubkey(), mint.pubkey()), minted]
    assert net.send(calls, [mint]) is None

    leaves = [proofs.leaf(bytes(address), bytes(k), 1_234) for k in (user.pubkey(), me, Pubkey.default())]
    tree, now = proofs.Tree(leaves), int(time.time())
    opened = claim.create_distribution(
        deployed, creator=me, payer=me, distribution=address, vault=vault, mint=mint.pubkey(), token_program=SPL_TOKEN,
        number=1, mode=claim.MERKLE, threshold=0, root=tree.root, requirements_hash=bytes(32), start=now - 30 * DAY,
        end=now + 3_650 * DAY, vesting_start=0, vesting_cliff=0, vesting_end=0, cap_total=5_000, cap_count=3, admin=me,
        admin_delay=DAY, verifiers=[],
    )  # fmt: skip
    assert net.send([opened]) is None

    claimed = claim.claim(
        deployed, claimant=user.pubkey(), payer=me, distribution=address,
        claim_status=claim_address(deployed, address, user.pubkey()), vault=vault, destination=wallet,
        mint=mint.pubkey(), token_program=SPL_TOKEN, amount=1_234, proof=tree.proof(0),
    )  # fmt: skip
    assert net.send([claimed], [user]) is None
    assert int.from_bytes(net.account(wallet)[64:72], "little") == 1_234
    books = claim.Distribution.decode(net.account(address))
    assert (books.allocated, books.released, books.claims) == (1_234, 1_234, 1)

    gift = TransferParams(from_pubkey=me, to_pubkey=user.pubkey(), lamports=10**6)
    again = net.send([transfer(gift), claimed], [user])
    assert again == {"InstructionError": [1, {"Custom": claim.Error.AlreadyClaimed}]}


def test_a_broken_program_is_refused_by_the_loader(net: Net) -> None:
    so = bytearray(program())
    so[0xE8] = 0xFF
    with pytest.raises(AssertionError):
        net.deploy(bytes(so))
