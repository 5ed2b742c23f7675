"""One view of a Solana transaction, whatever shape it came in: its calls in the order they ran.

Shapes: `getTransaction` in json, jsonParsed, base64 and base58 encoding, the entries of a block, and
enhanced-webhook objects. Nothing is decoded before it is asked for: most calls of a transaction are of no interest.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fluxdesk.chains.solana.wire import WireError, parse_transaction
from fluxdesk.native.base58 import b58decode


class Malformed(ValueError):
    """The object does not follow the shape it claims."""


class Unresolved(LookupError):
    """An account index points past the keys that the input holds: lookup tables were not resolved."""


@dataclass(slots=True, eq=False)
class Call:
    """One instruction as it ran. `position` counts all calls of the transaction in order."""

    tx: "Transaction"
    raw: dict[str, Any]
    outer: int
    inner: int | None
    program: str

    @property
    def index(self) -> str:
        """`outer` or `outer.inner`, 0-based."""
        return str(self.outer) if self.inner is None else f"{self.outer}.{self.inner}"

    @property
    def height(self) -> int | None:
        """Stack height, 1 at top level; None where the input does not say."""
        if self.inner is None:
            return 1
        height = self.raw.get("stackHeight")
        return height if type(height) is int else None

    def data(self) -> bytes:
        """Instruction data; empty where the RPC node parsed it away. Raises `Malformed`."""
        data = self.raw.get("data")
        if data is None:
            return b""
        if isinstance(data, bytes):
            return data
        if not isinstance(data, str):
            raise Malformed("instruction data is not text")
        try:
            return b58decode(data)
        except ValueError as e:
            raise Malformed(f"instruction data: {e}") from e

    def accounts(self) -> list[str]:
        """Account addresses in order. Raises `Malformed`, `Unresolved`."""
        accounts = self.raw.get("accounts")
        if not isinstance(accounts, list):
            return []
        if accounts and isinstance(accounts[0], str):
            if set(map(type, accounts)) != {str}:
                raise Malformed("an account is not text")
            return accounts
        keys = self.tx.keys
        try:
            if accounts and min(accounts) < 0:
                raise Malformed("an account index is negative")
            return [keys[i] for i in accounts]
        except IndexError:
            raise Unresolved(f"account index in instruction {self.index}") from None
        except TypeError:
            raise Malformed("account indexes are not numbers") from None


@dataclass(slots=True, eq=False)
class Transaction:
    """What is common to all shapes."""

    signature: str | None
    slot: int | None
    block_time: int | None
    failed: bool
    executed: bool
    """False when the input holds no execution result; then nothing happened as far as it says."""
    keys: list[str]
    outer: Sequence[dict[str, Any]]
    inner: dict[int, Sequence[dict[str, Any]]]
    logs: Sequence[str] | None
    meta: dict[str, Any]

    def program_of(self, raw: dict[str, Any]) -> str:
        """Program id of an instruction. Raises `Unresolved`, `Malformed`."""
        program = raw.get("programId")
        if isinstance(program, str):
            return program
        i = raw.get("programIdIndex")
        if type(i) is not int or i < 0:
            raise Malformed("an instruction names no program")
        if i >= len(self.keys):
            raise Unresolved(f"program index {i}")
        return self.keys[i]

    def calls_of(self, programs: Container[str]) -> Iterator[Call]:
        """The instructions of some programs in the order they ran: each top-level one, then its inner ones.

        Raises `Malformed`, `Unresolved`, also for an instruction of another program: one that names none makes the
        rest doubtful.
        """
        wanted = {i: program for i, program in enumerate(self.keys) if program in programs}
        known = len(self.keys)
        inner = self.inner
        for o, raw in enumerate(self.outer):
            i = raw.get("programIdIndex")
            if type(i) is int and 0 <= i < known:
                if i in wanted:
                    yield Call(self, raw, o, None, wanted[i])
            elif (program := self.program_of(raw)) in programs:
                yield Call(self, raw, o, None, program)
            if o not in inner:
                continue
            for n, sub in enumerate(inner[o]):
                i = sub.get("programIdIndex")
                if type(i) is int and 0 <= i < known:
                    if i in wanted:
                        yield Call(self, sub, o, n, wanted[i])
                elif (program := self.program_of(sub)) in programs:
                    yield Call(self, sub, o, n, program)


_OBJECTS = frozenset({dict})
_TEXTS = frozenset({str})


def _dicts(value: object, what: str) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not _OBJECTS.issuperset(map(type, value)):
        raise Malformed(f"{what} is not a list of objects")
    return value


def _texts(value: object, what: str) -> list[str]:
    if not isinstance(value, list) or not _TEXTS.issuperset(map(type, value)):
        raise Malformed(f"{what} is not a list of texts")
    return value


def _int(value: object) -> int | None:
    """A count of the ledger; some tools write it as text."""
    if isinstance(value, str) and len(value) < 20 and value.isascii() and value.isdecimal():
        value = int(value)
    return value if type(value) is int and 0 <= value < 1 << 63 else None


def _failed(status: object) -> bool:
    """The older form of `err`, which nodes still send beside it."""
    return isinstance(status, dict) and status.get("Err") is not None


def _inner(groups: object) -> dict[int, Sequence[dict[str, Any]]]:
    out: dict[int, Sequence[dict[str, Any]]] = {}
    for group in _dicts(groups or [], "innerInstructions"):
        index = group.get("index")
        if type(index) is not int:
            raise Malformed("a group of inner instructions has no index")
        out[index] = _dicts(group.get("instructions"), "inner instructions")
    return out


def _account_keys(message: dict[str, Any], meta: dict[str, Any]) -> list[str]:
    keys = message.get("accountKeys")
    if not isinstance(keys, list):
        raise Malformed("the message has no account keys")
    if keys and isinstance(keys[0], dict):
        return _texts([k.get("pubkey") if isinstance(k, dict) else None for k in keys], "account keys")
    keys = _texts(keys, "account keys")
    loaded = meta.get("loadedAddresses")
    if isinstance(loaded, dict):
        return [
            *keys,
            *_texts(loaded.get("writable") or [], "loaded addresses"),
            *_texts(loaded.get("readonly") or [], "loaded addresses"),
        ]
    return keys


def from_rpc(obj: dict[str, Any], slot: int | None = None, block_time: int | None = None) -> Transaction:
    """A `getTransaction` result or one entry of a block's `transactions`. Raises `Malformed`."""
    tx = obj.get("transaction")
    if isinstance(tx, str):
        tx = [tx, "base58"]
    if isinstance(tx, list):
        tx = _from_wire(tx)
    if not isinstance(tx, dict) or not isinstance(tx.get("message"), dict):
        raise Malformed("there is no message in the transaction")
    raw_meta = obj.get("meta")
    executed = isinstance(raw_meta, dict)
    meta: dict[str, Any] = raw_meta if isinstance(raw_meta, dict) else {}
    signatures = tx.get("signatures")
    logs = meta.get("logMessages")
    return Transaction(
        signature=signatures[0]
        if isinstance(signatures, list) and signatures and isinstance(signatures[0], str)
        else None,
        slot=_int(obj.get("slot")) if obj.get("slot") is not None else slot,
        block_time=_int(obj.get("blockTime")) if obj.get("blockTime") is not None else block_time,
        failed=meta.get("err") is not None or _failed(meta.get("status")),
        executed=executed,
        keys=_account_keys(tx["message"], meta),
        outer=_dicts(tx["message"].get("instructions"), "instructions"),
        inner=_inner(meta.get("innerInstructions")),
        logs=_texts(logs, "logMessages") if logs is not None else None,
        meta=meta,
    )


def _from_wire(pair: list[Any]) -> dict[str, Any]:
    from base64 import b64decode

    if len(pair) != 2 or not all(isinstance(x, str) for x in pair):
        raise Malformed("an encoded transaction is [text, encoding]")
    text, encoding = pair
    try:
        if encoding == "base64":
            return parse_transaction(b64decode(text, validate=True))
        if encoding == "base58":
            return parse_transaction(b58decode(text))
    except WireError as e:
        raise Malformed(str(e)) from e
    except ValueError as e:
        raise Malformed(f"transaction is not {encoding}: {e}") from e
    raise Malformed(f"transaction encoding {encoding!r} is not known")


def from_webhook(obj: dict[str, Any]) -> Transaction:
    """An enhanced-webhook transaction: accounts by address, inner instructions nested in their outer one. Raises
    `Malformed`.
    """
    outer = _dicts(obj.get("instructions"), "instructions")
    inner: dict[int, Sequence[dict[str, Any]]] = {
        o: _dicts(ix.get("innerInstructions") or [], "inner instructions") for o, ix in enumerate(outer)
    }
    signature = obj.get("signature")
    return Transaction(
        signature=signature if isinstance(signature, str) else None,
        slot=_int(obj.get("slot")),
        block_time=_int(obj.get("timestamp")),
        failed=obj.get("transactionError") is not None,
        executed=True,
        keys=[],
        outer=outer,
        inner=inner,
        logs=None,
        meta=obj,
    )
