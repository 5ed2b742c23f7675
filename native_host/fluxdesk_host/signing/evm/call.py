"""One call of a contract: who calls whom with what, and which recogniser reads it.

A call inside another one is read by the same function, so that nothing hides in a bundle.
"""

from dataclasses import dataclass, field
from typing import Any

from fluxdesk_host.signing.abi import AbiError, AbiType, decode
from fluxdesk_host.signing.draft import MOST_PARTS, UNLIMITED_EVM, Draft
from fluxdesk_host.signing.evm.held import Held
from fluxdesk_host.signing.reading import Argument, Called, EffectKind
from fluxdesk_host.signing.registry import EvmMethod, Registry
from fluxdesk_host.signing.text import LONGEST_VALUE, checksummed, short_hex, units, visible

DEEPEST = 6
ZERO = "0x" + "00" * 20
_GRAVE = "0x" + "00" * 18 + "dead"
_LOWEST = "0x" + "00" * 18
"""What the addresses of the machine's own functions begin with; nobody holds a key of them."""
_ROUTERS = frozenset({"router", "universal", "universal1"})
"""Roles of contracts that keep what a later command does not pay out."""
_EXCHANGES = _ROUTERS | {"1inch5", "1inch6", "0x", "allowance"}
_COINS = {1: "ETH", 10: "ETH", 56: "BNB", 137: "POL", 1101: "ETH", 8453: "ETH", 42161: "ETH"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What is the same for all calls of a request."""

    draft: Draft
    registry: Registry
    chain: int | None
    account: str | None
    held: Held = field(default_factory=Held)

    def known(self, address: str | None) -> str:
        """What our list calls an address; empty when it is not listed."""
        contract = self.registry.contract(self.chain, address)
        return contract.name if contract else ""

    def named(self, address: str) -> str:
        """What our list calls an address, else the address itself."""
        return self.known(address) or checksummed(address)

    def is_a(self, role: str, address: str | None) -> bool:
        """Whether our list gives an address this role on this chain."""
        contract = self.registry.contract(self.chain, address)
        return contract is not None and contract.role == role

    def is_router(self, address: str) -> bool:
        """Whether our list calls an address a router."""
        contract = self.registry.contract(self.chain, address)
        return contract is not None and contract.role in _ROUTERS

    def is_exchange(self, address: str) -> bool:
        """Whether our list calls an address a router or an exchange."""
        contract = self.registry.contract(self.chain, address)
        return contract is not None and contract.role in _EXCHANGES

    def wrapped(self) -> str | None:
        """The token that the native coin is wrapped in on this chain, where our list names it."""
        return self.registry.one_of(self.chain, "wrapped")

    def settle(self) -> None:
        """Say what listed routers still hold at the end."""
        for router, asset in self.held.left():
            if self.is_router(router):
                what = "the native coin" if asset == "native" else f"token {checksummed(asset.partition(':')[2])}"
                self.draft.warn("left-in-router", what=what, by=checksummed(router))

    def coins(self, amount: int) -> str:
        """An amount of the native coin, in whole units and exactly."""
        coin = _COINS.get(self.chain, "of the native coin") if self.chain else "of the native coin"
        return f"{units(amount, 18)} {coin}"


@dataclass(frozen=True, slots=True)
class Call:
    """A call that `sender` makes of `to`. `through`: its value is part of an amount that is stated already."""

    scene: Scene
    sender: str | None
    to: str
    value: int
    data: bytes
    place: str = "0"
    depth: int = 0
    through: bool = False
    delegated: bool = False
    """The code at `to` runs as `sender`, so that calls it makes are those of `sender`."""

    @property
    def draft(self) -> Draft:
        """Where findings go."""
        return self.scene.draft

    @property
    def by(self) -> str | None:
        """The acting contract, where it is not the signing account."""
        return None if self.sender == self.scene.account else self.sender

    def mine(self, address: str) -> bool:
        """Whether an address is the signing account; false as long as that is not known."""
        return self.scene.account is not None and address == self.scene.account

    def warn(self, code: str, **values: object) -> None:
        """Add a reason; addresses in `values` are written as explorers write them."""
        self.draft.warn(code, self.place, **{k: checksummed(v) if isinstance(v, str) else v for k, v in values.items()})

    def effect(self, kind: EffectKind, **fields: object) -> None:
        """Add an effect with this call's place and acting contract."""
        self.draft.effect(kind, by=self.by, place=self.place, **fields)


def read_call(call: Call) -> str:
    """Read a call into its draft; the phrase says what it does."""
    draft = call.draft
    if call.value:
        call.scene.held.receive(call.to, call.value)
    if call.depth > DEEPEST:
        return _unread(call, "nested-deep", f"calls {checksummed(call.to)}, nested deeper than is read")
    if len(draft.calls) >= MOST_PARTS:
        return _unread(call, "too-many", f"calls {checksummed(call.to)}", what="calls")
    if not call.data:
        return _plain(call)
    bare = call.scene.registry.without_selector(call.to)
    if bare is not None and (found := bare.read(call)) is not None:
        phrase, name, arguments = found
        draft.called(_entry(call, name, arguments))
        return phrase
    misread: EvmMethod | None = None
    for method in call.scene.registry.methods_of(call.scene.chain, call.to, call.data[:4]):
        try:
            values, end = decode(method.types, call.data, 4)
        except AbiError:
            misread = method
            continue
        _listed(call, method, values)
        if end != len(call.data):
            call.warn("trailing-bytes", count=len(call.data) - end, name=method.canonical)
            draft.unread(call.place, "bytes after the arguments", call.data[end:])
        return method.read(call, values)
    target = checksummed(call.to)
    if misread is not None:
        return _unread(
            call, "unread-arguments", f"makes a call of {target} that cannot be read", name=misread.canonical
        )
    return _unread(call, "unknown-call", f"makes an unknown call of {target}", target=call.to)


def _plain(call: Call) -> str:
    """A call without data: the native coin moves, or nothing does."""
    if is_grave(call.to) and call.value:
        call.warn("burns")
    call.warn("native-transfer")
    call.draft.called(_entry(call))
    return f"sends {call.scene.coins(call.value)} to {checksummed(call.to)}"


def _unread(call: Call, code: str, phrase: str, **values: object) -> str:
    call.draft.called(_entry(call))
    call.draft.unread(call.place, "calldata", call.data)
    call.effect(EffectKind.UNKNOWN, to=call.to)
    call.warn(code, **values)
    return phrase


def _entry(call: Call, name: str = "", arguments: tuple[Argument, ...] = ()) -> Called:
    return Called(
        place=call.place,
        target=call.to,
        name=name,
        known=call.scene.known(call.to),
        selector="0x" + call.data[:4].hex() if call.data else "",
        value=call.value,
        by=call.by,
        arguments=arguments,
    )


def _listed(call: Call, method: EvmMethod, values: tuple[Any, ...]) -> None:
    shown = tuple(
        Argument(name, t.text, shown_value(t, value))
        for name, t, value in zip(method.names, method.types, values, strict=True)
    )
    call.draft.called(_entry(call, method.canonical, shown))


def shown_value(t: AbiType, value: Any, most: int = LONGEST_VALUE) -> str:
    """A decoded value as text of bounded length."""
    if t.kind == "address":
        return checksummed(value)
    if t.kind in ("bytes", "fixed"):
        return short_hex(value)
    if t.kind == "string":
        return visible(value, most)
    if t.kind in ("array", "tuple"):
        fields = t.inner if t.kind == "tuple" else t.inner * min(len(value), 16)
        parts = [shown_value(f, v, 64) for f, v in zip(fields, value, strict=False)]
        more = f", … ({len(value) - len(parts)} more)" if len(value) > len(parts) else ""
        text = ", ".join(parts)
        text = text if len(text) <= 4 * most else text[: 4 * most] + "…"
        return f"({text}{more})" if t.kind == "tuple" else f"[{text}{more}]"
    return str(value)


def amount_of(token: str, amount: int) -> str:
    """An amount of a token in words; decimals are not in the bytes."""
    if amount >= UNLIMITED_EVM:
        return f"any amount of token {checksummed(token)}"
    return f"{amount:,} base units of token {checksummed(token)}"


def is_grave(address: str) -> bool:
    """Whether nobody holds the key of an address: the usual graves, and addresses of the machine itself."""
    return address == _GRAVE or address.startswith(_LOWEST)
