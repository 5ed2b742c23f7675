"""Builds transactions as an RPC node states them, from a tree of calls: the same run in every shape it can be met in.

Logs and inner instructions follow the rules of the runtime: frames, self-CPI of events, precompiles that log nothing.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from fluxdesk.core.events import Row, Venue
from fluxdesk.launches.context import PROGRAMS, SPL_TOKEN, DecodeContext
from fluxdesk.launches.decode import decode_found
from fluxdesk.launches.inputs import find
from fluxdesk.launches.layout_encode import event_writer, instruction_accounts, instruction_writer
from fluxdesk.launches.statements import EVENT_TAG
from fluxdesk.native.base58 import b58decode, b58encode

SYSTEM = "11111111111111111111111111111111"
ED25519 = "Ed25519SigVerify111111111111111111111111111"
ROUTER = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4"
IDS = {venue: program for program, venue in PROGRAMS.items()}


def address(name: str) -> str:
    """A key that is always the same for a name."""
    return b58encode(hashlib.sha256(name.encode()).digest())


def key(name: str) -> bytes:
    """The bytes of `address(name)`."""
    return b58decode(address(name))


@dataclass
class Node:
    """One call: what it is given, what it logs, what it calls in turn."""

    program: str
    data: bytes = b""
    accounts: list[str] = field(default_factory=list)
    name: str | None = None
    """`Program log: Instruction: <name>`."""
    events: list[bytes] = field(default_factory=list)
    in_logs: bool = True
    in_cpi: bool = True
    children: list["Node"] = field(default_factory=list)


def call(
    venue: Venue, instruction: str, events: list[bytes], args: dict[str, Any] | None = None, **options: Any
) -> Node:
    """A call of a venue's instruction; account names not given get an address of their own name."""
    given = options.pop("accounts", {})
    names = instruction_accounts(venue, instruction)
    accounts = [given.get(n, SPL_TOKEN if n.endswith("token_program") else address(n)) for n in names]
    data = instruction_writer(venue, instruction).write(args) if args is not None else disc(venue, instruction)
    said = "".join(part.capitalize() for part in instruction.split("_"))
    options.setdefault("in_logs", venue not in (Venue.METEORA_DBC, Venue.METEORA_DAMM_V2))
    return Node(IDS[venue], data, accounts, said, events, **options)


def disc(venue: Venue, instruction: str) -> bytes:
    """The discriminator alone."""
    from fluxdesk.launches.layout import program

    return next(d for d, i in program(venue).instructions.items() if i.name == instruction)


def event(venue: Venue, name: str, /, **values: Any) -> bytes:
    """An event payload in its newest byte order; fields not given are zero or empty."""
    from fluxdesk.core import resources

    table = json.loads(resources.path(f"layouts/{venue}.json").read_bytes())
    fields = next(x for x in table["events"][name]["layouts"] if x["exact"] is None)["fields"]
    blank: dict[str, Any] = {}
    for field_name, kind in fields:
        blank[field_name] = _blank(kind)
        if isinstance(kind, dict):
            blank.update({n: 0 for n, _ in kind["variant"]["0"]})
    return event_writer(venue, name).write(blank | {k.replace("__", "."): v for k, v in values.items()})


def _blank(kind: Any) -> Any:
    if isinstance(kind, dict):
        return 0
    if kind == "pubkey":
        return bytes(32)
    if kind == "string":
        return ""
    if kind == "bool":
        return False
    if kind.startswith("vec:"):
        return []
    if kind.startswith("option:"):
        return None
    return bytes(int(kind[6:])) if kind.startswith("bytes:") else 0


class Ledger:
    """One executed transaction."""

    def __init__(self, calls: list[Node], *, slot: int = 100, err: Any = None, truncate_at: int | None = None) -> None:
        self.calls = calls
        self.slot = slot
        self.err = err
        self.signature = b58encode(hashlib.sha512(repr(calls).encode()).digest())
        self.keys: list[str] = [address("fee payer")]
        self.outer: list[dict[str, Any]] = []
        self.inner: list[dict[str, Any]] = []
        self.logs: list[str] = []
        for o, node in enumerate(calls):
            self.outer.append(self._instruction(node, None))
            flat: list[dict[str, Any]] = []
            self._run(node, 1, flat)
            if flat:
                self.inner.append({"index": o, "instructions": flat})
        if truncate_at is not None:
            self.logs = [*self.logs[:truncate_at], "Log truncated"]

    def _index(self, account: str) -> int:
        if account not in self.keys:
            self.keys.append(account)
        return self.keys.index(account)

    def _instruction(self, node: Node, height: int | None) -> dict[str, Any]:
        return {
            "programIdIndex": self._index(node.program),
            "accounts": [self._index(a) for a in node.accounts],
            "data": b58encode(node.data),
            "stackHeight": height,
        }

    def _run(self, node: Node, depth: int, flat: list[dict[str, Any]]) -> None:
        silent = node.program == ED25519
        if not silent:
            self.logs.append(f"Program {node.program} invoke [{depth}]")
            if node.name:
                self.logs.append(f"Program log: Instruction: {node.name}")
        for child in node.children:
            flat.append(self._instruction(child, depth + 1))
            self._run(child, depth + 1, flat)
        for payload in node.events:
            if node.in_logs:
                self.logs.append("Program data: " + base64.b64encode(payload).decode())
            if node.in_cpi:
                own = Node(node.program, EVENT_TAG + payload, [address("event authority")])
                flat.append(self._instruction(own, depth + 1))
                self.logs.append(f"Program {node.program} invoke [{depth + 1}]")
                self.logs.append(f"Program {node.program} success")
        if not silent:
            self.logs.append(f"Program {node.program} consumed 1000 of 200000 compute units")
            self.logs.append(f"Program {node.program} success")

    def rpc(self, *, heights: bool = True, inner: bool = True, logs: bool = True) -> dict[str, Any]:
        """The `getTransaction` result in json encoding."""
        groups = json.loads(json.dumps(self.inner))
        if not heights:
            for group in groups:
                for ix in group["instructions"]:
                    del ix["stackHeight"]
        return {
            "slot": self.slot,
            "blockTime": 1_800_000_000,
            "version": "legacy",
            "transaction": {
                "signatures": [self.signature],
                "message": {"accountKeys": self.keys, "instructions": self.outer},
            },
            "meta": {
                "err": self.err,
                "fee": 5000,
                "innerInstructions": groups if inner else None,
                "logMessages": self.logs if logs else None,
                "loadedAddresses": {"readonly": [], "writable": []},
            },
        }

    def wire(self, lookup: int = 0) -> dict[str, Any]:
        """The result in base64 encoding; the last `lookup` keys come from a lookup table (v0)."""
        static, loaded = (self.keys[:-lookup], self.keys[-lookup:]) if lookup else (self.keys, [])
        out = b"\x01" + b58decode(self.signature)
        if lookup:
            out += b"\x80"
        out += bytes([1, 0, 0]) + _compact(len(static)) + b"".join(map(b58decode, static)) + bytes(32)
        out += _compact(len(self.outer))
        for ix in self.outer:
            data = b58decode(ix["data"])
            out += bytes([ix["programIdIndex"]]) + _compact(len(ix["accounts"])) + bytes(ix["accounts"])
            out += _compact(len(data)) + data
        if lookup:
            out += _compact(1) + key("lookup table") + _compact(lookup) + bytes(range(lookup)) + _compact(0)
        result = self.rpc()
        result["transaction"] = [base64.b64encode(out).decode(), "base64"]
        result["meta"]["loadedAddresses"] = {"writable": loaded, "readonly": []}
        return result

    def wire_v1(self) -> dict[str, Any]:
        """The result in base64 encoding, as a version 1 message (SIMD-0385): no lookup tables, signatures last."""
        data = [b58decode(ix["data"]) for ix in self.outer]
        out = b"\x81\x01\0\0" + (0b100).to_bytes(4, "little") + bytes(32)
        out += bytes([len(self.outer), len(self.keys)]) + b"".join(map(b58decode, self.keys))
        out += (200_000).to_bytes(4, "little")  # the setting of bit 2: compute units
        for ix, d in zip(self.outer, data, strict=True):
            out += bytes([ix["programIdIndex"], len(ix["accounts"])]) + len(d).to_bytes(2, "little")
        for ix, d in zip(self.outer, data, strict=True):
            out += bytes(ix["accounts"]) + d
        result = self.rpc()
        result["version"] = 1
        result["transaction"] = [base64.b64encode(out + b58decode(self.signature)).decode(), "base64"]
        return result

    def parsed(self) -> dict[str, Any]:
        """The result in jsonParsed encoding, for programs that the RPC node does not know."""
        result = self.rpc()

        def by_name(ix: dict[str, Any]) -> dict[str, Any]:
            return {
                "programId": self.keys[ix["programIdIndex"]],
                "accounts": [self.keys[i] for i in ix["accounts"]],
                "data": ix["data"],
                "stackHeight": ix["stackHeight"],
            }

        message = result["transaction"]["message"]
        message["accountKeys"] = [
            {"pubkey": k, "signer": False, "writable": True, "source": "transaction"} for k in self.keys
        ]
        message["instructions"] = [by_name(ix) for ix in self.outer]
        for group in result["meta"]["innerInstructions"]:
            group["instructions"] = [by_name(ix) for ix in group["instructions"]]
        return result

    def webhook(self) -> dict[str, Any]:
        """The enhanced-webhook object."""
        parsed = self.parsed()
        instructions = parsed["transaction"]["message"]["instructions"]
        for ix in instructions:
            ix["innerInstructions"] = []
        for group in parsed["meta"]["innerInstructions"]:
            instructions[group["index"]]["innerInstructions"] = group["instructions"]
        for ix in instructions:
            for one in [ix, *ix["innerInstructions"]]:
                one.pop("stackHeight", None)
        return {
            "signature": self.signature,
            "slot": self.slot,
            "timestamp": 1_800_000_000,
            "transactionError": self.err,
            "instructions": instructions,
        }

    def notification(self) -> dict[str, Any]:
        """The `logsNotification`."""
        value = {"signature": self.signature, "err": self.err, "logs": self.logs}
        return {
            "jsonrpc": "2.0",
            "method": "logsNotification",
            "params": {"result": {"context": {"slot": self.slot}, "value": value}, "subscription": 1},
        }

    def block(self) -> dict[str, Any]:
        """The `blockNotification` of a block that holds this transaction alone."""
        entry = {k: v for k, v in self.rpc().items() if k not in ("slot", "blockTime")}
        block = {"blockhash": SYSTEM, "parentSlot": self.slot - 1, "blockTime": 1_800_000_000, "transactions": [entry]}
        value = {"slot": self.slot, "err": None, "block": block}
        return {
            "jsonrpc": "2.0",
            "method": "blockNotification",
            "params": {"result": {"context": {"slot": self.slot}, "value": value}, "subscription": 1},
        }


def _compact(n: int) -> bytes:
    out = b""
    while True:
        out += bytes([n & 0x7F | (0x80 if n > 0x7F else 0)])
        n >>= 7
        if not n:
            return out


def rows(obj: object, ctx: DecodeContext | None = None) -> list[Row]:
    """Rows of anything the input finder recognises."""
    ctx = ctx or DecodeContext()
    return [row for found in find(obj) for row in decode_found(found, ctx)]
