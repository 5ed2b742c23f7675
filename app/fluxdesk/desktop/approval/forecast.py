"""What the node says a request would do: the simulation of its exact bytes, and what an allowance puts at risk.

The node's word, never the bytes': it is shown in a frame of its own and decides nothing. What could not be found out is
said with its reason, and is never shown as harmless.
"""

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import msgspec

from fluxdesk.core.wallet_views import AssetView, BalancesView, ChainView, SimulationView
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.words import MINUS, UNKNOWN, address_key, remote, short_address
from fluxdesk.desktop.words import amount as exact
from fluxdesk_host.protocol import messages
from fluxdesk_host.signing.reading import Effect, EffectKind

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Request
    from fluxdesk.desktop.wallet_node import WalletNode
    from fluxdesk_host.agent.owner import Waits

_C = "Approval"
Outcome = Literal["waiting", "passes", "fails", "unknown"]
LONGEST_PAYLOAD = 36_000
"""Bytes; what the node takes for a simulation, before base64."""
TOKENS_MOST = 20
_GIVES = (EffectKind.APPROVAL, EffectKind.PERMIT)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that would happen, and a note beside it."""

    words: str
    tone: str = "text1"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the node says.

    Attributes:
        outcome: `unknown` where nobody could try it.
        source: What was tried, where; the end of a sentence.
        at: When the answer came (monotonic, s).
        names: Address, as `address_key` has it -> what the node says that the token calls itself.
    """

    outcome: Outcome
    lines: tuple[Line, ...] = ()
    source: str = ""
    at: float | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def foot(self) -> str:
        """Where it comes from, and how old it is."""
        if self.at is None:
            return self.source
        age = max(0, int(time.monotonic() - self.at))
        return tr(_C, "{source}, {age} s ago. A forecast; the fields below are the bytes you sign.",
                  source=self.source, age=age)  # fmt: skip


WAITING = Forecast("waiting")


def undone(why: str) -> Forecast:
    """Nobody could try it."""
    head = Line(tr(_C, "Not tried out: what it would do is unknown"), "warn")
    return Forecast("unknown", (head,), why)


def wanted(waits: "Waits") -> bool:
    """Whether a request moves or allows anything that a node could look up."""
    return waits.kind in ("evm_tx", "solana_tx") or bool(_allowed(waits))


async def forecast(node: "WalletNode", request: "Request") -> Forecast:
    """Asks the node. Raises `NodeTrouble`."""
    waits = request.waits
    chain = next((c for c in (await node.chains()).items if c.id == waits.chain), None)
    if chain is None or not (chain.endpoints or chain.practice):
        return undone(tr(_C, "Your node has no endpoint of {chain}. Settings, Chains takes one.", chain=waits.chain))
    simulation = None
    if waits.kind in ("evm_tx", "solana_tx"):
        payload = exact_payload(request)
        if isinstance(payload, str):
            return undone(payload)
        simulation = await node.simulate(chain.id, address_of(waits), base64.b64encode(payload).decode())
    allowed = _allowed(waits)
    # A Solana account's tokens are all said without being asked for by name.
    tokens = list(dict.fromkeys(_token(effect) for effect in allowed)) if chain.family == "evm" else []
    held = await node.balances(chain.id, [address_of(waits)], tokens[:TOKENS_MOST]) if allowed else None
    return put(waits, chain, simulation, held if held is not None and held.items else None)


def exact_payload(request: "Request") -> bytes | str:
    """The bytes that would be signed, as the node takes them; else a sentence on why there are none."""
    waits = request.waits
    if len(waits.raw) != waits.raw_length or not request.true:
        return tr(_C, "Not all of its bytes came to this window.")
    try:
        asked = msgspec.json.decode(waits.raw, type=messages.Sign)
        if isinstance(asked.payload, str):
            payload = base64.b64decode(asked.payload, validate=True)
        else:
            payload = msgspec.json.encode(asked.payload)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors too
        return tr(_C, "Its bytes have no form that a node could try.")
    if len(payload) > LONGEST_PAYLOAD:
        return tr(_C, "It has {n} bytes; a node tries at most {most}.", n=f"{len(payload):,}",
                  most=f"{LONGEST_PAYLOAD:,}")  # fmt: skip
    return payload


def address_of(waits: "Waits") -> str:
    """The account that would sign."""
    return waits.account.partition(":")[2]


def put(waits: "Waits", chain: ChainView, simulation: SimulationView | None, held: BalancesView | None) -> Forecast:
    """The answers in words. Pure but for the clock."""
    assets = {address_key(one.asset): one for one in ([] if simulation is None else simulation.assets)}
    if held is not None:
        for token in held.items[0].tokens:
            assets[address_key(token.asset)] = AssetView(
                asset=token.asset, symbol=token.symbol, name=token.name, decimals=token.decimals
            )
    names = {asset: remote(one.symbol, 16) for asset, one in assets.items() if one.symbol}
    at = time.monotonic()
    place = remote(chain.name, 32)
    if simulation is not None and not simulation.done:
        return Forecast(
            "unknown", undone("").lines + _risks(waits, chain, assets, held), simulation.reason, None, names
        )
    if simulation is None:
        source = tr(_C, "Balance on {chain}, read", chain=place)
        return Forecast("passes", _risks(waits, chain, assets, held), source, at, names)
    where = tr(_C, "Simulated on {chain}", chain=place)
    if simulation.block is not None:
        unit = tr(_C, "slot") if chain.family == "solana" else tr(_C, "block")
        where = tr(_C, "Simulated at {chain} {unit} {n}", chain=place, unit=unit, n=f"{simulation.block:,}")
    if not simulation.ok:
        why = remote(simulation.reason, 300) or tr(_C, "The endpoint gives no reason.")
        head = Line(tr(_C, "It would fail, and the fee would be paid all the same"), "sell")
        return Forecast("fails", (head, Line(why, "text2"), *_fee(simulation, chain)), where, at, names)
    lines = (
        *_changes(waits, chain, simulation, assets),
        *_risks(waits, chain, assets, held),
        *_approvals(waits, simulation, assets),
        *_owners(simulation),
        *_fee(simulation, chain),
    )
    # What warns stands first: it is never behind a click.
    lines = tuple(sorted(lines, key=lambda line: line.tone not in ("sell", "warn")))
    return Forecast("passes", lines, where, at, names)


def _changes(
    waits: "Waits", chain: ChainView, found: SimulationView, assets: Mapping[str, AssetView]
) -> tuple[Line, ...]:
    if found.changes is None:
        said = found.reason or tr(_C, "The endpoint does not say what changes.")
        return (
            Line(tr(_C, "It would go through; what it changes is unknown"), "warn"),
            Line(remote(said, 300), "text2"),
        )
    mine = address_key(address_of(waits))
    own = [
        (c.asset, int(c.change_base)) for c in found.changes if address_key(c.account) == mine and int(c.change_base)
    ]
    lines = [Line(_moved(asset, n, chain, assets), "buy" if n > 0 else "sell") for asset, n in sorted(own, key=_loss)]
    if not any(n > 0 for _, n in own):
        nothing = tr(_C, "you receive nothing")
        lines = [Line(lines[0].words, lines[0].tone, nothing), *lines[1:]] if lines else [
            Line(tr(_C, "No balance of this account changes"), "text1")
        ]  # fmt: skip
    return tuple(lines)


def _loss(change: tuple[str, int]) -> int:
    return 0 if change[1] < 0 else 1


def _moved(asset: str, base: int, chain: ChainView, assets: Mapping[str, AssetView]) -> str:
    arrow, sign = ("▲", "+") if base > 0 else ("▼", MINUS)
    return f"{arrow} {sign}{_amount(str(abs(base)), asset, chain, assets)}"


def _amount(base: str, asset: str, chain: ChainView, assets: Mapping[str, AssetView]) -> str:
    if asset == "native":
        return f"{exact(base, chain.decimals)} {remote(chain.symbol, 12)}"
    known = assets.get(address_key(asset))
    symbol = remote(known.symbol, 16) if known is not None and known.symbol else short_address(asset, 6)
    return f"{exact(base, None if known is None else known.decimals)} {symbol}"


def _risks(
    waits: "Waits", chain: ChainView, assets: Mapping[str, AssetView], held: BalancesView | None
) -> tuple[Line, ...]:
    """What each allowance in the bytes puts at risk, by the balance now."""
    lines = []
    for effect in _allowed(waits):
        token, has = _holding(effect, held)
        spender = short_address(effect.spender or effect.to or UNKNOWN, 6)
        if has is None:
            problem = "" if held is None else held.items[0].problem
            note = remote(problem, 120) or tr(_C, "the balance is unknown")
            lines.append(Line(tr(_C, "{who} may take what there is", who=spender), "warn", note))
            continue
        whole = effect.unlimited or effect.amount is None or effect.amount >= int(has)
        risk = has if whole else str(effect.amount)
        note = tr(_C, "all of it, and what comes later") if effect.unlimited else tr(_C, "all of it") if whole else ""
        if has == "0":
            note = (
                tr(_C, "nothing there now; what comes later counts") if effect.unlimited else tr(_C, "none there now")
            )
        lines.append(Line(_moved(token, -int(risk), chain, assets) if risk != "0" else
                          tr(_C, "▼ {amount}", amount=_amount("0", token, chain, assets)), "sell", note))  # fmt: skip
    return tuple(lines)


def _holding(effect: Effect, held: BalancesView | None) -> tuple[str, str | None]:
    """(token, what is there): of a contract's token all, of a Solana token account what is in it."""
    for token in () if held is None else held.items[0].tokens:
        if address_key(token.asset) == address_key(_token(effect)) and not token.accounts:
            return token.asset, token.amount_base
        for account in token.accounts:
            if account.address == effect.source:
                return token.asset, account.amount_base
    return _token(effect), None


def _approvals(waits: "Waits", found: SimulationView, assets: Mapping[str, AssetView]) -> tuple[Line, ...]:
    """Allowances that the simulation shows; those that the bytes state stand among the risks already."""
    stated = {(address_key(_token(e)), address_key(e.spender or e.to or "")) for e in _allowed(waits)}
    if found.approvals is None:
        return (Line(tr(_C, "Which allowances it gives is unknown"), "warn"),)
    lines = []
    for given in found.approvals:
        if (address_key(given.asset), address_key(given.spender)) in stated or given.amount_base == "0":
            continue
        known = assets.get(address_key(given.asset))
        name = remote(known.symbol, 16) if known is not None and known.symbol else short_address(given.asset, 6)
        much = tr(_C, "all") if given.unlimited or given.amount_base is None else exact(
            given.amount_base, None if known is None else known.decimals
        )  # fmt: skip
        whose = "" if address_key(given.owner) == address_key(address_of(waits)) else short_address(given.owner, 6)
        said = tr(_C, "Lets {who} take {much} {name}", who=short_address(given.spender, 6), much=much, name=name)
        lines.append(Line(said, "warn", tr(_C, "of {owner}", owner=whose) if whose else ""))
    return tuple(lines)


def _owners(found: SimulationView) -> tuple[Line, ...]:
    if found.owners is None:
        return (Line(tr(_C, "Whether an owner changes is unknown"), "warn"),)
    return tuple(
        Line(tr(_C, "{what} gets the owner {who}", what=short_address(a, 6), who=short_address(b, 6)), "sell")
        for a, b in found.owners
    )


def _fee(found: SimulationView, chain: ChainView) -> tuple[Line, ...]:
    if found.fee_base is None:
        return ()
    words = f"{exact(found.fee_base, chain.decimals)} {remote(chain.symbol, 12)}"
    inside = tr(_C, "in the change above") if chain.family == "solana" and found.ok else tr(_C, "at the base fee now")
    return (Line(tr(_C, "Fee {amount}", amount=words), "text2", inside),)


def _allowed(waits: "Waits") -> list[Effect]:
    """Allowances of tokens in the bytes whose owner is, or may be, this account."""
    if waits.reading is None:
        return []
    mine = address_key(address_of(waits))
    own = [e for e in waits.reading.effects if e.kind in _GIVES and e.amount != 0]
    if waits.chain.startswith("solana:"):
        return [e for e in own if e.asset.startswith("spl")]
    return [e for e in own if e.asset.startswith("token:") and (e.source is None or address_key(e.source) == mine)]


def _token(effect: Effect) -> str:
    return effect.asset.partition(":")[2]


def spoken(found: Forecast) -> str:
    """The forecast as a reader should hear it."""
    said = " ".join(f"{line.words} {line.note}.".replace(" .", ".") for line in found.lines)
    return tr(_C, "The node says: {said} {foot}", said=said, foot=found.foot)


def count_words(lines: Sequence[Line], shown: int) -> str:
    """The words of the button that shows the rest."""
    return plural(_C, len(lines) - shown, "{n} more line", "{n} more lines")
