"""A request in words and rows, from what the agent read out of its bytes. Pure; adds no knowledge of its own.

Addresses are shown in full, amounts exactly. What is known to no chain's rule (the decimals of a token) stays in base
units: a name or a unit from anywhere else would not be what is signed.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fluxdesk.desktop.approval import proposals
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.words import address_key, remote, short_address
from fluxdesk_host.agent.owner import OWN_ORIGIN, Waits
from fluxdesk_host.signing.reading import Called, Effect, EffectKind, Reading

_C = "Approval"
Tone = Literal["text1", "warn", "sell", "text2"]
LONGEST_RAW = 2_048
"""Bytes of an unreadable part that are shown; the whole request is under raw bytes."""
MOST_ROWS = 240
_NATIVE = {"eip155": ("ETH", 18, "wei"), "solana": ("SOL", 9, "lamports")}
_OTHER_COINS = {"eip155:137": "POL", "eip155:56": "BNB"}


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what the bytes say; an empty label continues the row above."""

    label: str
    value: str
    mono: bool = False
    tone: Tone = "text1"
    field: bool = False
    """One of the fields or calls as they stand in the bytes, below what they come to."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks, and how the agent knows."""

    name: str
    how: str
    icon: str = "sources"


def who(waits: Waits) -> Who:
    """The asker of a request. Any program of the user can call itself the node: the agent knows which one is."""
    origin = waits.origin
    if origin == OWN_ORIGIN and waits.proven:
        how = tr(_C, "Asked by this window, on the agent's own channel")
        return Who(tr(_C, "You, in the Fluxdesk window"), how, "person")
    if origin.startswith("node:") and waits.proven:
        return Who(
            tr(_C, "The node: {name}", name=remote(origin[5:])),
            tr(_C, "The node that this window started, on the agent's socket"),
        )
    if origin.startswith("node:"):
        return Who(
            tr(_C, "A program that calls itself the node: {name}", name=remote(origin[5:])),
            tr(_C, "It runs as your user, and is not the node that this window started"),
            "warn",
        )
    scheme, _, host = origin.partition("://")
    how = tr(_C, "A website, through a paired browser")
    if scheme == "http":
        how = tr(_C, "A website without encryption: anyone on its way may have changed it")
    return Who(remote(host or origin, 256), how, "globe")


def kind(name: str) -> str:
    """What is asked for, beside the title."""
    return {
        "evm_tx": tr(_C, "EVM transaction"),
        "evm_message": tr(_C, "EVM message (EIP-191)"),
        "evm_typed": tr(_C, "EVM typed data (EIP-712)"),
        "solana_tx": tr(_C, "Solana transaction"),
        "solana_message": tr(_C, "Solana message"),
        "solana_offchain": tr(_C, "Solana off-chain message"),
        "connect evm": tr(_C, "Connect on EVM chains"),
        "connect solana": tr(_C, "Connect on Solana"),
        "add_chain": tr(_C, "A chain for your list"),
        "watch_asset": tr(_C, "A token for your list"),
    }.get(name, remote(name))


def sentence(waits: Waits) -> str:
    """What it does, in one sentence."""
    if waits.reading is not None:
        return waits.reading.sentence
    if (proposed := proposals.proposal(waits)) is not None:
        return proposed.sentence
    name = who(waits).name
    return tr(_C, "Let {site} see your address and ask for signatures.", site=name)


def danger(waits: Waits) -> int:
    """0 to 5. What the window shows could not be checked counts as the worst."""
    if waits.reading is not None:
        return max(0, min(5, waits.reading.danger))
    return proposals.reason(waits)[0] if waits.kind in proposals.KINDS else 1


def danger_words(level: int) -> str:
    """The level with its number."""
    word = (
        tr(_C, "none"),
        tr(_C, "plain"),
        tr(_C, "bounded"),
        tr(_C, "careful"),
        tr(_C, "high"),
        tr(_C, "everything you have"),
    )[level]
    return tr(_C, "Danger: {word} ({n} of 5)", word=word, n=level)


def reasons(waits: Waits) -> list[str]:
    """Why the danger is not lower."""
    if waits.reading is not None:
        return [reason.text for reason in sorted(waits.reading.reasons, key=lambda r: -r.danger)]
    if waits.kind in proposals.KINDS:
        return [proposals.reason(waits)[1]]
    return [
        tr(_C, "The site learns an address, and with it everything this address ever did. It can move nothing by this.")
    ]


def approve_verb(waits: Waits) -> str:
    """A verb with its object."""
    if waits.kind in proposals.KINDS:
        return proposals.verb(waits)
    if waits.reading is None:
        return tr(_C, "Connect the site")
    if waits.kind in ("evm_tx", "solana_tx"):
        return tr(_C, "Sign the transaction")
    return tr(_C, "Sign the message")


_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}\b|\b[1-9A-HJ-NP-Za-km-z]{32,44}\b")


def shortened(text: str) -> str:
    """A sentence with the ends of its addresses alone; they stand in full among what is signed."""
    return _ADDRESS.sub(lambda found: short_address(found[0], 6), text)


def is_new(waits: Waits, address: str) -> bool:
    """Whether the agent says that the account never signed anything for an address."""
    if waits.reading is None or len(address) < 32:
        return False
    said = " ".join(reason.text for reason in waits.reading.reasons if reason.code == "first-contact")
    return address_key(address) in {address_key(found[0]) for found in _ADDRESS.finditer(said)}


def danger_source(waits: Waits) -> str:
    """Who says how dangerous it is, and from what."""
    reasons = () if waits.reading is None else waits.reading.reasons
    if any(reason.code in ("first-contact", "look-alike", "known-bad") for reason in reasons):
        return tr(_C, "from the agent: the bytes, and the addresses it knows")
    return tr(_C, "read by the agent from the bytes")


def short_chain(chain: str) -> str:
    """The network of a CAIP-2 name by its name, where we know one."""
    return _known_chains().get(chain, chain)


def _known_chains() -> dict[str, str]:
    return {
        "eip155:1": "Ethereum", "eip155:137": "Polygon", "eip155:42161": "Arbitrum One", "eip155:10": "Optimism",
        "eip155:8453": "Base", "eip155:56": "BNB Smart Chain", "eip155:1101": "Polygon zkEVM",
        "eip155:31337": tr(_C, "local practice chain"), "solana:mainnet": "Solana", "solana:devnet": "Solana devnet",
        "solana:testnet": "Solana testnet", "solana:local": tr(_C, "Solana, practice"),
    }  # fmt: skip


def chain_name(chain: str) -> str:
    """The network of a CAIP-2 name, with the name itself."""
    name = _known_chains().get(chain)
    return f"{name} ({chain})" if name else chain


def amount(base: int | None, asset: str, chain: str | None) -> str:
    """An exact amount. Only a chain's own coin has decimals that need nobody's word."""
    if base is None:
        return tr(_C, "not stated in the bytes")
    family = (chain or "").partition(":")[0]
    if asset == "native" and family in _NATIVE:
        coin, decimals, unit = _NATIVE[family]
        if family == "eip155":
            coin = _OTHER_COINS.get(chain or "", coin)
        whole, part = divmod(base, 10**decimals)
        digits = f"{part:0{decimals}d}".rstrip("0")
        return f"{whole:,}{'.' + digits if digits else ''} {coin} ({base:,} {unit})"
    return tr(_C, "{n} base units", n=f"{base:,}")


def day(seconds: int) -> str:
    """A date of the bytes, in UTC."""
    return time.strftime("%d %b %Y, %H:%M UTC", time.gmtime(seconds))


def asset_name(asset: str) -> str:
    """An asset in full."""
    if asset == "native":
        return tr(_C, "the chain's own coin")
    return asset.partition(":")[2] or asset


def rows(waits: Waits) -> list[Row]:
    """What is signed, as rows."""
    reading = waits.reading
    made = []
    if waits.account:
        made.append(Row(tr(_C, "Account"), waits.account.partition(":")[2], mono=True))
    if waits.chain:
        made.append(Row(tr(_C, "Chain"), chain_name(waits.chain)))
    if (proposed := proposals.proposal(waits)) is not None:
        return made + [Row(label, value, mono=mono) for label, value, mono in proposed.facts]
    if reading is None:
        return made
    chain = reading.chain or waits.chain
    for effect in reading.effects:
        made += _effect(effect, chain)
    if reading.fee is not None and reading.fee.most is not None:
        made.append(Row(tr(_C, "Fee, at most"), amount(reading.fee.most, "native", chain)))
    elif reading.fee is not None:
        made.append(Row(tr(_C, "Fee"), tr(_C, "not bounded by the bytes"), tone="warn"))
    made += _unread(reading)
    below = [row for call in reading.calls for row in _call(call, chain)]
    below += [Row(remote(fact.label), fact.value, mono=fact.value.startswith("0x")) for fact in reading.facts]
    made += [replace(row, field=True) for row in below]
    if len(made) > MOST_ROWS:
        left = len(made) - MOST_ROWS
        made = [*made[:MOST_ROWS], Row("", tr(_C, "{n} more rows are only in the raw bytes", n=left), tone="sell")]
    return made


def _effect(effect: Effect, chain: str | None) -> list[Row]:
    harmful = effect.unlimited or effect.kind in (EffectKind.OWNERSHIP, EffectKind.DELEGATE, EffectKind.UNKNOWN)
    made = [Row(effect_word(effect.kind), _effect_value(effect, chain), tone="sell" if harmful else "text1")]
    if effect.asset and effect.asset != "native":
        made.append(Row(tr(_C, "Token"), asset_name(effect.asset), mono=True))
    if effect.token_id is not None:
        made.append(Row(tr(_C, "Token number"), str(effect.token_id), mono=True))
    for label, address, tone in (
        (tr(_C, "From"), effect.source, "text1"),
        (tr(_C, "To"), effect.to, "text1"),
        (tr(_C, "Spender"), effect.spender, "warn"),
        (tr(_C, "Done by"), effect.by, "text2"),
    ):
        if address:
            made.append(Row(label, address, mono=True, tone="warn" if tone == "warn" else "text1"))
    if effect.expires is not None:
        made.append(Row(tr(_C, "Valid until"), day(effect.expires), tone="warn"))
    return made


def _effect_value(effect: Effect, chain: str | None) -> str:
    if effect.unlimited:
        return tr(_C, "Unlimited")
    if effect.amount is None and not effect.asset:
        return tr(_C, "no amount")
    said = amount(effect.amount, effect.asset, chain)
    if effect.bound == "most":
        return tr(_C, "at most {amount}", amount=said)
    if effect.bound == "least":
        return tr(_C, "at least {amount}", amount=said)
    return said


def effect_word(name: EffectKind) -> str:
    """What an effect is."""
    return {
        EffectKind.NATIVE_OUT: tr(_C, "Pays"),
        EffectKind.NATIVE_IN: tr(_C, "Receives"),
        EffectKind.TOKEN_OUT: tr(_C, "Pays in tokens"),
        EffectKind.TOKEN_IN: tr(_C, "Receives tokens"),
        EffectKind.NFT_OUT: tr(_C, "Gives away"),
        EffectKind.NFT_IN: tr(_C, "Gets"),
        EffectKind.APPROVAL: tr(_C, "Allows taking"),
        EffectKind.NFT_APPROVAL: tr(_C, "Allows taking"),
        EffectKind.PERMIT: tr(_C, "Permits taking"),
        EffectKind.REVOKE: tr(_C, "Takes back"),
        EffectKind.OWNERSHIP: tr(_C, "Changes an owner"),
        EffectKind.DEPLOY: tr(_C, "Makes a contract"),
        EffectKind.DELEGATE: tr(_C, "Hands over control"),
        EffectKind.SIGN_IN: tr(_C, "Signs in"),
        EffectKind.MESSAGE: tr(_C, "Message"),
        EffectKind.ORDER: tr(_C, "Order"),
        EffectKind.STAKE: tr(_C, "Stake"),
        EffectKind.ACCOUNT: tr(_C, "Account made or closed"),
        EffectKind.MINT: tr(_C, "Makes tokens"),
        EffectKind.BURN: tr(_C, "Burns"),
        EffectKind.NONCE: tr(_C, "Nonce account"),
        EffectKind.UNKNOWN: tr(_C, "Unknown"),
    }[name]


def _call(call: Called, chain: str | None) -> list[Row]:
    label = tr(_C, "Call {place}", place=call.place)
    name = call.name or (f"{call.selector} ?" if call.selector else tr(_C, "unknown"))
    plain = not call.name and not call.selector and (chain or "").startswith("eip155:")
    made = [Row(label, name, mono=True, tone="text1" if call.name else "warn")]
    if plain:
        made = [Row(label, tr(_C, "no data: a plain payment"))]
    target = call.target or tr(_C, "hidden in a lookup table")
    made.append(
        Row(tr(_C, "of"), f"{target}  {call.known}".rstrip(), mono=True, tone="text1" if call.target else "warn")
    )
    if call.value:
        made.append(Row(tr(_C, "with"), amount(call.value, "native", chain)))
    made += [Row(f"  {remote(a.name)}", a.value, mono=True, tone="text2") for a in call.arguments]
    return made


def _unread(reading: Reading) -> list[Row]:
    made = []
    for part in reading.unknown:
        shown = part.raw[:LONGEST_RAW].hex()
        more = len(part.raw) - LONGEST_RAW
        if more > 0:
            shown += " " + tr(_C, "and {n} more bytes", n=f"{more:,}")
        made.append(Row(tr(_C, "Not understood"), part.what, tone="sell"))
        made.append(Row(tr(_C, "its bytes"), f"0x{shown}" if part.raw else tr(_C, "none"), mono=True))
    return made


def left(seconds: float) -> str:
    """Time until a request closes."""
    whole = max(0, int(seconds + 0.999))
    return tr(_C, "Closes as rejected in {time}", time=f"{whole // 60}:{whole % 60:02d}")


def spoken(waits: Waits, all_rows: Sequence[Row]) -> str:
    """The request as a reader should hear it."""
    said = [who(waits).name, sentence(waits), danger_words(danger(waits)), *reasons(waits)]
    return " ".join([*said, *(f"{row.label}: {row.value}." for row in all_rows)])


def written(raw: bytes) -> str:
    """Bytes as a text in which nothing hides and nothing is turned: what cannot be seen is written as its number."""
    text = raw.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
