"""What others may take, as rows and sentences. Pure: no Qt, no clock of its own; the unknown stays unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from fluxdesk.core.wallet_views import AllowancesView, AllowanceView, AssetView, ChainView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.words import UNKNOWN, address_key, moment, remote, short_address
from fluxdesk.desktop.words import amount as exact

_C = "Allowances"


@dataclass(frozen=True, slots=True)
class Row:
    """One allowance with what its token says of itself and what we know of its spender."""

    item: AllowanceView
    asset: AssetView
    spender_name: str
    spender_known: bool

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """Tells it from every other."""
        item = self.item
        return item.kind, item.asset, item.spender, item.through, item.token_id or ""


def rows(found: AllowancesView, chain: ChainView, names: Mapping[str, str]) -> list[Row]:
    """The rows, the unlimited and unknown ones first."""
    assets = {one.asset: one for one in found.assets}
    made = []
    for item in found.items:
        own = names.get(address_key(item.spender), "")
        listed = "" if own else listed_name(chain.id, item.spender)
        asset = assets.get(item.asset) or AssetView(asset=item.asset)
        made.append(Row(item, asset, own or listed, bool(own or listed)))
    return sorted(made, key=lambda row: (not row.item.unlimited, row.spender_known, -(row.item.block or 0)))


@lru_cache(maxsize=2_048)
def listed_name(chain: str, address: str) -> str:
    """What our own list of contracts calls an address; empty where it is not on it."""
    from fluxdesk_host.signing.standard import standard

    family, _, number = chain.partition(":")
    if family == "solana":
        program = standard().program(address)
        return "" if program is None else program.name
    known = standard().contract(int(number) if number.isdecimal() else None, address.lower())
    return "" if known is None else known.name


def token_words(row: Row) -> str:
    """What the token calls itself, else the ends of its address."""
    return remote(row.asset.symbol, 16) or short_address(row.item.asset, 6)


def spender_words(row: Row) -> str:
    """Who may take: a name we have, or that we have none."""
    if row.spender_known:
        return f"{remote(row.spender_name, 32)} · {short_address(row.item.spender, 6)}"
    return tr(_C, "unknown · {address}", address=short_address(row.item.spender, 6))


def amount_words(row: Row) -> str:
    """How much: exact, or without limit."""
    item = row.item
    if item.kind == "operator":
        return tr(_C, "the whole collection")
    if item.kind == "nft":
        return tr(_C, "number {id}", id=remote(item.token_id or UNKNOWN, 24))
    if item.unlimited:
        return tr(_C, "unlimited")
    return _units(item.amount_base, row)


def risk_words(row: Row) -> str:
    """What is there to be taken now."""
    item = row.item
    if item.held_base is None:
        return UNKNOWN
    held = int(item.held_base)
    bounded = item.amount_base is not None and not item.unlimited and item.kind not in ("operator", "nft")
    return _units(str(min(held, int(item.amount_base or "0")) if bounded else held), row)


def kind_words(row: Row) -> str:
    """By which rule it may be taken."""
    return {
        "erc20": tr(_C, "ERC-20 approval"),
        "nft": tr(_C, "one NFT"),
        "operator": tr(_C, "NFT operator"),
        "permit2": tr(_C, "through Permit2"),
        "delegate": tr(_C, "token delegate"),
    }[row.item.kind]


def since_words(row: Row) -> str:
    """When it was given, by the block's clock."""
    if row.item.time_s is not None:
        return moment(row.item.time_s)
    return tr(_C, "block {n}", n=f"{row.item.block:,}") if row.item.block is not None else UNKNOWN


def sentence(row: Row) -> str:
    """The allowance in one sentence."""
    item = row.item
    who = remote(row.spender_name, 32) if row.spender_known else tr(_C, "An address that nothing here knows")
    if item.kind == "operator":
        return tr(_C, "{who} may take every token of this collection, also those that come later.", who=who)
    if item.kind == "nft":
        return tr(_C, "{who} may take this one token.", who=who)
    if item.unlimited:
        return tr(_C, "{who} may take all {token} of this account, also what comes later.", who=who,
                  token=token_words(row))  # fmt: skip
    return tr(_C, "{who} may take up to {amount} {token}.", who=who, amount=amount_words(row), token=token_words(row))


def _units(base: str | None, row: Row) -> str:
    if base is None:
        return UNKNOWN
    if row.item.kind in ("operator", "nft"):
        return tr(_C, "{n} tokens", n=f"{int(base):,}")
    return exact(base, row.asset.decimals)
