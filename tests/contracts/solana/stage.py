"""The claim program in LiteSVM, and what its tests send it. Nothing of the program is replaced."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.system_program import ID as SYSTEM
from solders.system_program import CreateAccountParams, create_account
from solders.transaction import VersionedTransaction
from solders.transaction_metadata import FailedTransactionMetadata, TransactionMetadata

from fluxdesk.chains.solana.programs import attestations, claim, proofs
from fluxdesk.chains.solana.programs.addresses import (
    claim_address,
    distribution_address,
    nullifier_address,
    vault_address,
)
from sbf.build import SOLANA, build

PROGRAM = Pubkey.from_string(claim.ADDRESS)
SPL_TOKEN = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
TOKEN_2022 = Pubkey.from_string("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")
ASSOCIATED = Pubkey.from_string("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")
START, DAY = 1_800_000_000, 86_400
SOL = 10**9
DECIMALS = 6


@cache
def program(name: str = "claim") -> bytes:
    """A program of ours, compiled once a session."""
    return build(SOLANA / name / f"{name}.c")


class Failed(Exception):
    """The transaction failed; `code` is the program's own error number, if it was one."""

    def __init__(self, said: FailedTransactionMetadata) -> None:
        error = said.err()
        inner = getattr(error, "err", None)
        self.code: int | None = getattr(inner, "code", None)
        self.index: int | None = getattr(error, "index", None)
        self.logs = said.meta().logs()
        super().__init__(f"{error} {self.logs}")


class Chain:
    """One LiteSVM with a payer."""

    def __init__(self, now: int = START, svm: LiteSVM | None = None) -> None:
        self.svm = svm or LiteSVM()
        self.svm.add_program(PROGRAM, program())
        self.payer = Keypair()
        self.svm.airdrop(self.payer.pubkey(), 10_000 * SOL)
        self.at(now)

    def at(self, now: int) -> None:
        """Set the clock."""
        clock = self.svm.get_clock()
        clock.unix_timestamp = now
        self.svm.set_clock(clock)

    def send(
        self, calls: Sequence[Instruction], signers: Sequence[Keypair] = (), payer: Keypair | None = None
    ) -> TransactionMetadata:
        """Run a transaction. Raises `Failed`."""
        payer = payer or self.payer
        self.svm.expire_blockhash()
        message = MessageV0.try_compile(payer.pubkey(), list(calls), [], self.svm.latest_blockhash())
        unique = {str(s.pubkey()): s for s in [payer, *signers]}
        keys = message.account_keys[: message.header.num_required_signatures]
        done = self.svm.send_transaction(VersionedTransaction(message, [unique[str(k)] for k in keys]))
        if isinstance(done, FailedTransactionMetadata):
            raise Failed(done)
        return done

    def keypair(self, lamports: int = 10 * SOL) -> Keypair:
        """A new key with SOL."""
        key = Keypair()
        if lamports:
            self.svm.airdrop(key.pubkey(), lamports)
        return key

    def data(self, address: Pubkey) -> bytes:
        """An account's bytes; none where there is no account."""
        account = self.svm.get_account(address)
        return bytes(account.data) if account else b""

    def lamports(self, address: Pubkey) -> int:
        """An account's lamports."""
        return self.svm.get_balance(address) or 0

    def tokens(self, address: Pubkey) -> int:
        """What a token account holds."""
        return int.from_bytes(self.data(address)[64:72], "little")

    def change(self, address: Pubkey, **to: Any) -> None:
        """Overwrite parts of an account, as no transaction could."""
        old = self.svm.get_account(address)
        assert old is not None
        values = {"lamports": old.lamports, "data": bytes(old.data), "owner": old.owner, "executable": old.executable}
        values |= to
        self.svm.set_account(address, Account(rent_epoch=0, **values))

    # -- tokens -----------------------------------------------------------------------------------------------------

    def mint(self, token_program: Pubkey = SPL_TOKEN, extensions: Sequence[tuple[int, bytes]] = ()) -> Pubkey:
        """A new mint of the payer's; extensions as (bytes they take, their initialising instruction data)."""
        key = Keypair()
        space = 82 if not extensions else 166 + sum(4 + size for size, _ in extensions)
        lamports = self.svm.minimum_balance_for_rent_exemption(space)
        made = create_account(
            CreateAccountParams(
                from_pubkey=self.payer.pubkey(),
                to_pubkey=key.pubkey(),
                lamports=lamports,
                space=space,
                owner=token_program,
            )
        )
        first = [Instruction(token_program, data, [AccountMeta(key.pubkey(), False, True)]) for _, data in extensions]
        init = bytes([20, DECIMALS]) + bytes(self.payer.pubkey()) + b"\1" + bytes(self.payer.pubkey())
        self.send([made, *first, Instruction(token_program, init, [AccountMeta(key.pubkey(), False, True)])], [key])
        return key.pubkey()

    def open_account(self, owner: Pubkey, mint: Pubkey, token_program: Pubkey = SPL_TOKEN) -> Pubkey:
        """The owner's associated token account."""
        address = vault_address(owner, mint, token_program)
        metas = [AccountMeta(self.payer.pubkey(), True, True), AccountMeta(address, False, True)]
        metas += [AccountMeta(k, False, False) for k in (owner, mint, SYSTEM, token_program)]
        self.send([Instruction(ASSOCIATED, b"\1", metas)])
        return address

    def other_account(self, owner: Pubkey, mint: Pubkey, token_program: Pubkey = SPL_TOKEN) -> Pubkey:
        """A token account at a key of its own."""
        key = Keypair()
        lamports = self.svm.minimum_balance_for_rent_exemption(165)
        made = create_account(
            CreateAccountParams(
                from_pubkey=self.payer.pubkey(),
                to_pubkey=key.pubkey(),
                lamports=lamports,
                space=165,
                owner=token_program,
            )
        )
        metas = [AccountMeta(key.pubkey(), False, True), AccountMeta(mint, False, False)]
        self.send([made, Instruction(token_program, b"\x12" + bytes(owner), metas)], [key])
        return key.pubkey()

    def mint_to(self, account: Pubkey, mint: Pubkey, amount: int, token_program: Pubkey = SPL_TOKEN) -> None:
        """New tokens."""
        metas = [AccountMeta(mint, False, True), AccountMeta(account, False, True)]
        metas.append(AccountMeta(self.payer.pubkey(), True, False))
        self.send([Instruction(token_program, b"\7" + struct.pack("<Q", amount), metas)])


@dataclass(frozen=True)
class Terms:
    """What a distribution is created with."""

    number: int = 1
    mode: int = claim.MERKLE
    threshold: int = 0
    root: bytes | None = None
    requirements_hash: bytes = bytes(range(32))
    start: int = START
    end: int = START + 30 * DAY
    vesting_start: int = 0
    vesting_cliff: int = 0
    vesting_end: int = 0
    cap_total: int = 10**15
    cap_count: int = 10**6
    admin: Pubkey | None = None
    admin_delay: int = 2 * DAY
    verifiers: tuple[Pubkey, ...] = ()


@dataclass
class Stage:
    """A distribution with a tree over some claimants, funded."""

    chain: Chain
    terms: Terms
    token_program: Pubkey
    mint: Pubkey
    creator: Keypair
    admin: Keypair
    users: list[Keypair]
    amounts: list[int]
    distribution: Pubkey
    vault: Pubkey
    tree: proofs.Tree
    wallets: list[Pubkey] = field(default_factory=list)
    verifiers: list[Keypair] = field(default_factory=list)

    def books(self) -> claim.Distribution:
        """The distribution's account."""
        return claim.Distribution.decode(self.chain.data(self.distribution))

    def status(self, i: int) -> claim.ClaimStatus:
        """A claimant's claim."""
        return claim.ClaimStatus.decode(self.chain.data(self.status_address(i)))

    def status_address(self, i: int) -> Pubkey:
        """Where it is."""
        return claim_address(PROGRAM, self.distribution, self.users[i].pubkey())

    def claim(self, i: int, **other: Any) -> Instruction:
        """A claim by proof; what is named in `other` stands in place of the right value."""
        values: dict[str, Any] = {
            "claimant": self.users[i].pubkey(), "payer": self.users[i].pubkey(), "distribution": self.distribution,
            "claim_status": self.status_address(i), "vault": self.vault, "destination": self.wallets[i],
            "mint": self.mint, "token_program": self.token_program, "amount": self.amounts[i],
            "proof": self.tree.proof(i),
        }  # fmt: skip
        return claim.claim(PROGRAM, **values | other)

    def claim_attested(self, i: int, nullifier: bytes, expires: int = START + DAY, **other: Any) -> Instruction:
        """A claim by attestation; the verification has to stand before it."""
        values: dict[str, Any] = {
            "claimant": self.users[i].pubkey(), "payer": self.users[i].pubkey(), "distribution": self.distribution,
            "claim_status": self.status_address(i), "vault": self.vault, "destination": self.wallets[i],
            "mint": self.mint, "token_program": self.token_program, "amount": self.amounts[i],
            "proof": self.tree.proof(i) if self.terms.mode & claim.MERKLE else [], "nullifier": nullifier,
            "expires": expires, "nullifier_account": nullifier_address(PROGRAM, self.distribution, nullifier),
        }  # fmt: skip
        return claim.claim_attested(PROGRAM, **values | other)

    def message(self, i: int, person: bytes, expires: int = START + DAY, **other: Any) -> bytes:
        """What verifiers sign for a claim."""
        values: dict[str, Any] = {
            "distribution": bytes(self.distribution), "claimant": bytes(self.users[i].pubkey()),
            "amount": self.amounts[i], "nullifier": person, "requirements_hash": self.terms.requirements_hash,
            "expires": expires,
        }  # fmt: skip
        return attestations.message(**values | other)

    def signed(self, text: bytes, *who: int) -> list[tuple[bytes, bytes]]:
        """Key and signature of verifiers, by their number."""
        return [(bytes(v.pubkey()), bytes(v.sign_message(text))) for v in (self.verifiers[w] for w in who)]

    def release(self, i: int, **other: Any) -> Instruction:
        """Take what has vested."""
        values: dict[str, Any] = {
            "claimant": self.users[i].pubkey(), "distribution": self.distribution,
            "claim_status": self.status_address(i), "vault": self.vault, "destination": self.wallets[i],
            "mint": self.mint, "token_program": self.token_program,
        }  # fmt: skip
        return claim.release(PROGRAM, **values | other)

    def claw_back(self, destination: Pubkey, **other: Any) -> Instruction:
        """What nobody claimed."""
        values: dict[str, Any] = {
            "admin": self.admin.pubkey(), "distribution": self.distribution, "vault": self.vault,
            "destination": destination, "mint": self.mint, "token_program": self.token_program,
        }  # fmt: skip
        return claim.claw_back(PROGRAM, **values | other)

    def close_distribution(self, **other: Any) -> Instruction:
        """The end of it."""
        values: dict[str, Any] = {
            "admin": self.admin.pubkey(), "distribution": self.distribution, "vault": self.vault,
            "payer": self.chain.payer.pubkey(), "token_program": self.token_program,
        }  # fmt: skip
        return claim.close_distribution(PROGRAM, **values | other)

    def close_claim(self, i: int, **other: Any) -> Instruction:
        """Rent of a claim."""
        values: dict[str, Any] = {
            "distribution": self.distribution, "claim_status": self.status_address(i),
            "payer": self.users[i].pubkey(),
        }  # fmt: skip
        return claim.close_claim(PROGRAM, **values | other)


def create(
    chain: Chain, creator: Pubkey, mint: Pubkey, terms: Terms, token_program: Pubkey, **other: Any
) -> Instruction:
    """The instruction that opens a distribution, paid by the chain's payer."""
    address = distribution_address(PROGRAM, creator, terms.number)
    values: dict[str, Any] = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    values |= {
        "creator": creator, "payer": chain.payer.pubkey(), "distribution": address,
        "vault": vault_address(address, mint, token_program), "mint": mint, "token_program": token_program,
    }  # fmt: skip
    return claim.create_distribution(PROGRAM, **values | other)


def stage(
    users: int = 4,
    leaves: int = 4,
    funds: int | None = None,
    chain: Chain | None = None,
    token_program: Pubkey = SPL_TOKEN,
    extensions: Sequence[tuple[int, bytes]] = (),
    verifiers: int = 0,
    **terms: Any,
) -> Stage:
    """A distribution: `users` claimants with wallets in a tree of `leaves`, `funds` in the vault (all by default)."""
    chain = chain or Chain()
    mint = chain.mint(token_program, extensions)
    creator, admin = chain.keypair(), chain.keypair()
    said = Terms(**terms)
    address = distribution_address(PROGRAM, creator.pubkey(), said.number)
    claimants = [chain.keypair() for _ in range(users)]
    amounts = [1_000_000 + 7 * i for i in range(leaves)]
    keys = [u.pubkey() for u in claimants] + [Pubkey.new_unique() for _ in range(leaves - users)]
    tree = proofs.Tree([proofs.leaf(bytes(address), bytes(k), a) for k, a in zip(keys, amounts, strict=True)])
    named = [Keypair() for _ in range(verifiers)]
    root = said.root if said.root is not None else tree.root if said.mode & claim.MERKLE else bytes(32)
    said = replace(said, root=root, admin=said.admin or admin.pubkey(), verifiers=tuple(v.pubkey() for v in named))
    vault = chain.open_account(address, mint, token_program)
    made = Stage(
        chain, said, token_program, mint, creator, admin, claimants, amounts, address, vault, tree, [], named
    )  # fmt: skip
    chain.mint_to(vault, mint, sum(amounts) if funds is None else funds, token_program)
    chain.send([create(chain, creator.pubkey(), mint, said, token_program)], [creator])
    made.wallets = [chain.open_account(u.pubkey(), mint, token_program) for u in claimants]
    return made
