"""Solana to practise on: LiteSVM, the validator's own runtime inside this process, behind the port of a real cluster.

No network, no votes, no forks: a block every 400 ms by this machine's clock, a transaction is confirmed when it ran and
final eight blocks later. It lives as long as the node; a blockhash for 150 blocks, as on a real cluster.
"""

import base64
import hashlib
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from fluxdesk.chains.rpc.asking import one_by_one
from fluxdesk.chains.rpc.errors import Refused, Unreachable
from fluxdesk.chains.rpc.http import Call
from fluxdesk.chains.rpc.port import Health, State
from fluxdesk.chains.solana import messages, nonces
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.rail import SolanaRail
from fluxdesk.core.chains import Chain
from fluxdesk.node.wallet_solana import SolanaLine, budget_of, parse

if TYPE_CHECKING:
    from solders.account import Account
    from solders.litesvm import LiteSVM
    from solders.pubkey import Pubkey
    from solders.transaction import VersionedTransaction

SLOT_S = 0.4
LIFE = 150
"""Blocks that a blockhash is taken for (`MAX_PROCESSING_AGE`)."""
FINAL_AFTER = 8
FUND_LAMPORTS = 100 * 10**9
NOTE = "LiteSVM in this process: practice coins, no network, begun anew with each start of the node."
_HISTORY_MOST = 10_000
_INVALID, _PREFLIGHT = -32602, -32002


class LiteSvmRpc:
    """See `chains.rpc.port.ChainRpc`. Made at the first call; everything runs on the event loop, in a millisecond."""

    def __init__(self, chain: Chain, clock: Callable[[], float] = time.monotonic) -> None:
        self._chain, self._clock = chain, clock
        self._svm: LiteSVM | None = None
        self._began = 0.0
        self._genesis = bytes(32)
        self._landed: dict[str, dict[str, Any]] = {}
        """Signature -> `getTransaction`, oldest first."""
        self._raw: dict[str, bytes] = {}
        self._answers: dict[str, Callable[..., Any]] = {
            _camel(name.removeprefix("_do_")): getattr(self, name) for name in dir(self) if name.startswith("_do_")
        }

    @property
    def chain(self) -> Chain:
        """The practice chain."""
        return self._chain

    async def call(self, method: str, params: Sequence[object]) -> bytes:
        """The `result`. Raises `Refused`, also for a method that LiteSVM has nothing for."""
        known = self._answers.get(method)
        if known is None:
            raise Unreachable(self._chain.name, [("LiteSVM", f"it does not offer {method[:40]}")])
        given = msgspec.json.decode(msgspec.json.encode(list(params)))
        try:
            return msgspec.json.encode(known(*given))
        except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
            raise Refused(_INVALID, f"parameters not understood ({type(error).__name__})") from None

    async def batch(self, calls: Sequence[Call]) -> list[bytes | Refused]:
        """One after the other."""
        return await one_by_one(self.call, calls)

    async def everywhere(self, method: str, params: Sequence[object]) -> list[bytes | Refused]:
        """There is one of it."""
        return await self.batch([(method, params)])

    async def check(self) -> list[Health]:
        """It is always well."""
        return self.health()

    def health(self) -> list[Health]:
        """One endpoint that is no address."""
        return [Health("LiteSVM", State.GOOD, 0, self._slot() if self._svm is not None else 0, "")]

    async def close(self) -> None:
        """Forgets everything."""
        self._svm = None

    def fund(self, account: str, lamports: int = FUND_LAMPORTS) -> None:
        """Coins out of nothing."""
        from solders.pubkey import Pubkey

        self._vm().airdrop(Pubkey.from_string(account), lamports)

    # --- time ---

    def _vm(self) -> "LiteSVM":
        if self._svm is None:
            from solders.litesvm import LiteSVM

            # Blockhashes and signatures are checked here, so that a hash lives as long as on a real cluster.
            made = LiteSVM().with_blockhash_check(False).with_sigverify(False)
            self._svm = made.with_transaction_history(_HISTORY_MOST)
            self._began, self._genesis = self._clock(), hashlib.sha256(str(time.time_ns()).encode()).digest()
        return self._svm

    def _slot(self) -> int:
        return 1 + int((self._clock() - self._began) / SLOT_S)

    def _hash(self, slot: int) -> str:
        from fluxdesk.native.base58 import b58encode

        return b58encode(hashlib.sha256(self._genesis + slot.to_bytes(8, "big")).digest())

    def _age(self, blockhash: str) -> int | None:
        """Blocks since a blockhash; None when it never was one, or is too old."""
        now = self._slot()
        return next(
            (now - slot for slot in range(now, max(0, now - LIFE - 1), -1) if self._hash(slot) == blockhash), None
        )

    def _lives(self, transaction: "VersionedTransaction") -> bool:
        """Whether a transaction's blockhash, or its durable nonce, holds now."""
        message = transaction.message
        if self._age(str(message.recent_blockhash)) is not None:
            return True
        place = nonces.account_of(message)  # type: ignore[arg-type]
        account = None if place is None else self._vm().get_account(_key(place))
        nonce = None if account is None else nonces.read(str(account.owner), bytes(account.data))
        return nonce is not None and nonce.hash == message.recent_blockhash

    def _with_context(self, value: object) -> dict[str, object]:
        return {"context": {"slot": self._slot(), "apiVersion": "2.0.0"}, "value": value}

    # --- what a cluster answers; names are those of its JSON-RPC ---

    def _do_get_genesis_hash(self) -> str:
        self._vm()
        return self._hash(0)

    def _do_get_slot(self, *_: object) -> int:
        self._vm()
        return self._slot()

    def _do_get_block_height(self, *_: object) -> int:
        self._vm()
        return self._slot()

    def _do_get_epoch_info(self, *_: object) -> dict[str, object]:
        slot = self._do_get_slot()
        return {
            "absoluteSlot": slot, "blockHeight": slot, "epoch": 0, "slotIndex": slot, "slotsInEpoch": 432_000,
            "transactionCount": len(self._landed),
        }  # fmt: skip

    def _do_get_latest_blockhash(self, *_: object) -> dict[str, object]:
        slot = self._do_get_slot()
        return self._with_context({"blockhash": self._hash(slot), "lastValidBlockHeight": slot + LIFE})

    def _do_is_blockhash_valid(self, blockhash: str, *_: object) -> dict[str, object]:
        self._vm()
        return self._with_context(self._age(blockhash) is not None)

    def _do_get_balance(self, account: str, *_: object) -> dict[str, object]:
        return self._with_context(self._vm().get_balance(_key(account)) or 0)

    def _do_get_account_info(self, account: str, *_: object) -> dict[str, object]:
        return self._with_context(_shown(self._vm().get_account(_key(account))))

    def _do_get_multiple_accounts(self, accounts: list[str], *_: object) -> dict[str, object]:
        return self._with_context([_shown(self._vm().get_account(_key(account))) for account in accounts[:100]])

    def _do_get_minimum_balance_for_rent_exemption(self, size: int, *_: object) -> int:
        return self._vm().minimum_balance_for_rent_exemption(size)

    def _do_get_recent_prioritization_fees(self, *_: object) -> list[object]:
        return []

    def _do_get_token_accounts_by_owner(self, owner: str, which: dict[str, str], *_: object) -> dict[str, object]:
        program = which.get("programId")
        wanted, mint = bytes(_key(owner)), bytes(_key(which["mint"])) if "mint" in which else b""
        programs = [program] if program else list(_TOKEN_PROGRAMS)
        found = [
            {"pubkey": str(address), "account": _shown(account)}
            for name in programs
            for address, account in self._vm().get_program_accounts(_key(name))
            if len(account.data) >= 165
            and bytes(account.data[32:64]) == wanted
            and bytes(account.data).startswith(mint)
        ]
        return self._with_context(found)

    def _do_get_token_account_balance(self, address: str, *_: object) -> dict[str, object]:
        account = self._vm().get_account(_key(address))
        if account is None or str(account.owner) not in _TOKEN_PROGRAMS or len(account.data) < 165:
            raise Refused(_INVALID, "could not find account")
        balance = _token_balance(self._vm(), account)
        assert balance is not None
        return self._with_context(balance["uiTokenAmount"])

    def _do_get_fee_for_message(self, message: str, *_: object) -> dict[str, object]:
        parsed = parse(base64.b64decode(message, validate=True))
        if self._age(str(parsed.recent_blockhash)) is None:
            return self._with_context(None)
        limit, price = budget_of(parsed)
        return self._with_context(messages.fee(limit, price, parsed.header.num_required_signatures))

    def _do_get_signature_statuses(self, signatures: list[str], *_: object) -> dict[str, object]:
        return self._with_context([self._status(signature) for signature in signatures[:256]])

    def _do_get_transaction(self, signature: str, options: dict[str, Any] | None = None) -> dict[str, Any] | None:
        landed = self._landed.get(signature)
        if landed is None or (options or {}).get("encoding", "json") != "base64":
            return landed
        return landed | {"transaction": [base64.b64encode(self._raw[signature]).decode(), "base64"]}

    def _do_get_signatures_for_address(self, account: str, options: dict[str, Any] | None = None) -> list[object]:
        given = options or {}
        newest = [s for s, t in reversed(self._landed.items()) if account in t["transaction"]["message"]["accountKeys"]]
        if given.get("before") in newest:
            newest = newest[newest.index(given["before"]) + 1 :]
        return [
            {
                "signature": s, "slot": self._landed[s]["slot"], "err": self._landed[s]["meta"]["err"],
                "blockTime": self._landed[s]["blockTime"], "memo": None, "confirmationStatus": "confirmed",
            }
            for s in newest[: min(int(given.get("limit", 1_000)), 1_000)]
        ]  # fmt: skip

    def _do_simulate_transaction(self, sent: str, options: dict[str, Any] | None = None) -> dict[str, object]:
        from solders.transaction_metadata import FailedTransactionMetadata

        given = options or {}
        transaction = _transaction(sent, given)
        if given.get("sigVerify"):
            _verify(transaction)
        if not given.get("replaceRecentBlockhash") and not self._lives(transaction):
            return self._with_context({"err": "BlockhashNotFound", "logs": [], "unitsConsumed": 0, "accounts": None})
        self._vm().warp_to_slot(self._slot())
        said = self._vm().simulate_transaction(transaction)
        error = _error(said.err()) if isinstance(said, FailedTransactionMetadata) else None
        meta = said.meta()
        accounts = None
        if isinstance(given.get("accounts"), dict) and not isinstance(said, FailedTransactionMetadata):
            after = {str(key): account for key, account in said.post_accounts()}
            accounts = [
                _shown(after[a] if a in after else self._vm().get_account(_key(a)))
                for a in given["accounts"]["addresses"][:100]
            ]
        return self._with_context({
            "err": error, "logs": meta.logs(), "accounts": accounts,
            "unitsConsumed": meta.compute_units_consumed(), "returnData": None, "innerInstructions": None,
        })  # fmt: skip

    def _do_send_transaction(self, sent: str, options: dict[str, Any] | None = None) -> str:
        from solders.transaction_metadata import FailedTransactionMetadata

        transaction = _transaction(sent, options or {})
        _verify(transaction)
        signature = str(transaction.signatures[0])
        if signature in self._landed:
            raise Refused(_PREFLIGHT, "Transaction simulation failed: This transaction has already been processed")
        if not self._lives(transaction):
            raise Refused(_PREFLIGHT, "Transaction simulation failed: Blockhash not found")
        keys = [str(key) for key in transaction.message.account_keys]
        vm, slot = self._vm(), self._slot()
        vm.warp_to_slot(slot)
        before = self._held(keys)
        ran = vm.send_transaction(transaction)
        error = None
        if isinstance(ran, FailedTransactionMetadata):
            meta, error = ran.meta(), _error(ran.err())
        else:
            meta = ran
        after = self._held(keys)
        if error is not None and before[0] == after[0]:  # not even its fee: a real cluster would not have taken it
            raise Refused(_PREFLIGHT, f"Transaction simulation failed: {error} {' '.join(meta.logs())}")
        self._landed[signature] = {
            "slot": slot,
            "blockTime": int(time.time()),
            "version": "legacy" if not hasattr(transaction.message, "address_table_lookups") else 0,
            "transaction": {"signatures": [signature], "message": _message(transaction, keys)},
            "meta": {
                "err": error,
                "fee": meta.fee(),
                "preBalances": before[0],
                "postBalances": after[0],
                "preTokenBalances": before[1],
                "postTokenBalances": after[1],
                "logMessages": meta.logs(),
                "computeUnitsConsumed": meta.compute_units_consumed(),
            },
        }
        self._raw[signature] = bytes(transaction)
        while len(self._landed) > _HISTORY_MOST:
            oldest = next(iter(self._landed))
            del self._landed[oldest], self._raw[oldest]
        return signature

    def _held(self, keys: list[str]) -> tuple[list[int], list[dict[str, Any]]]:
        """(lamports of each key, token balances)."""
        vm, tokens = self._vm(), []
        for at, key in enumerate(keys):
            account = vm.get_account(_key(key))
            if account is not None and (balance := _token_balance(vm, account)) is not None:
                tokens.append({"accountIndex": at, **balance})
        return [vm.get_balance(_key(key)) or 0 for key in keys], tokens

    def _status(self, signature: str) -> dict[str, object] | None:
        landed = self._landed.get(signature)
        if landed is None:
            return None
        final = self._slot() - landed["slot"] >= FINAL_AFTER
        return {
            "slot": landed["slot"], "confirmations": None if final else 1, "err": landed["meta"]["err"],
            "status": {"Ok": None}, "confirmationStatus": "finalized" if final else "confirmed",
        }  # fmt: skip


class PracticeSolanaLine(SolanaLine):
    """The practice cluster: its coins are given away."""

    note = NOTE

    def __init__(self, rpc: LiteSvmRpc) -> None:
        client = SolanaClient(rpc)
        super().__init__(client, SolanaRail(client), rpc, "LiteSVM")
        self._litesvm = rpc

    async def fund(self, account: str) -> None:
        """A hundred SOL for an account."""
        self.used = True
        self._litesvm.fund(account)


_TOKEN_PROGRAMS = (
    "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
    "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
)


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(word.capitalize() for word in more)


def _key(text: str) -> "Pubkey":
    from solders.pubkey import Pubkey

    return Pubkey.from_string(text)


def _shown(account: "Account | None") -> dict[str, object] | None:
    if account is None or (account.lamports == 0 and not account.data):
        return None
    return {
        "lamports": account.lamports, "owner": str(account.owner), "executable": account.executable,
        "rentEpoch": account.rent_epoch, "space": len(account.data),
        "data": [base64.b64encode(account.data).decode(), "base64"],
    }  # fmt: skip


def _token_balance(vm: "LiteSVM", account: "Account") -> dict[str, Any] | None:
    from solders.pubkey import Pubkey

    data = bytes(account.data)
    if str(account.owner) not in _TOKEN_PROGRAMS or len(data) < 165 or (len(data) > 165 and data[165] != 2):
        return None
    mint = Pubkey.from_bytes(data[:32])
    found = vm.get_account(mint)
    decimals = found.data[44] if found is not None and len(found.data) > 44 else 0
    amount = int.from_bytes(data[64:72], "little")
    return {
        "mint": str(mint), "owner": str(Pubkey.from_bytes(data[32:64])), "programId": str(account.owner),
        "uiTokenAmount": {"amount": str(amount), "decimals": decimals, "uiAmount": None, "uiAmountString": ""},
    }  # fmt: skip


def _transaction(sent: str, options: dict[str, Any]) -> "VersionedTransaction":
    from solders.transaction import VersionedTransaction

    if options.get("encoding", "base58") == "base64":
        raw = base64.b64decode(sent, validate=True)
    else:
        from fluxdesk.native.base58 import b58decode

        raw = b58decode(sent)
    if len(raw) > messages.PACKET:
        raise Refused(_INVALID, f"transaction too large: {len(raw)} bytes")
    return VersionedTransaction.from_bytes(raw)


def _message(transaction: "VersionedTransaction", keys: list[str]) -> dict[str, Any]:
    """As a cluster writes it in json encoding."""
    from fluxdesk.native.base58 import b58encode

    message = transaction.message
    header = message.header
    return {
        "accountKeys": keys,
        "header": {
            "numRequiredSignatures": header.num_required_signatures,
            "numReadonlySignedAccounts": header.num_readonly_signed_accounts,
            "numReadonlyUnsignedAccounts": header.num_readonly_unsigned_accounts,
        },
        "recentBlockhash": str(message.recent_blockhash),
        "instructions": [
            {
                "programIdIndex": call.program_id_index,
                "accounts": list(bytes(call.accounts)),
                "data": b58encode(bytes(call.data)),
            }
            for call in message.instructions
        ],
    }


def _verify(transaction: "VersionedTransaction") -> None:
    results = transaction.verify_with_results()
    if not results or not all(results):
        raise Refused(-32003, "Transaction signature verification failure")


def _error(error: object) -> object:
    """As a cluster writes it: the parsers of clients know these shapes."""
    from solders import transaction_status as said

    if isinstance(error, said.TransactionErrorInstructionError):
        inner = error.err
        what = {"Custom": inner.code} if isinstance(inner, said.InstructionErrorCustom) else _last(inner)
        return {"InstructionError": [error.index, what]}
    if isinstance(error, said.TransactionErrorDuplicateInstruction):
        return {"DuplicateInstruction": error.index}
    if isinstance(error, said.TransactionErrorInsufficientFundsForRent):
        return {"InsufficientFundsForRent": {"account_index": error.account_index}}
    if isinstance(error, said.TransactionErrorProgramExecutionTemporarilyRestricted):
        return {"ProgramExecutionTemporarilyRestricted": {"account_index": error.account_index}}
    return _last(error)


def _last(error: object) -> str:
    return str(error).rpartition(".")[2]
