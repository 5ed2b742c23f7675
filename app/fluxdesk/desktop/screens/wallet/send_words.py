"""Words of a payment: what was typed, what is known of its recipient, its cost, what trying it out showed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fluxdesk.core import wallet_views as w
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.screens.wallet.holdings import NATIVE, Holding
from fluxdesk.desktop.words import MINUS, address_key, amount, remote, short_address

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import RecipientState
    from fluxdesk.desktop.screens.wallet.payment import Made, Wish

_C = "Wallet"
Tone = Literal["text1", "text2", "warn", "sell", "buy"]
DAY_MS = 86_400_000


class BadRecipient(ValueError):
    """What was typed is no address of the chain; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence with its mark: `ok`, `warn`, `bad` or `unknown`."""

    mark: Literal["ok", "warn", "bad", "unknown"]
    words: str


def recipient_of(typed: str, family: str, names: Mapping[str, str]) -> str:
    """The address of what was typed, as chains write it: an address, or a name of the book or an own account.

    `names`: label in lower case to address. Raises `BadRecipient`.
    """
    from fluxdesk_host.keys.addresses import parse_evm_address, parse_solana_address, to_checksum
    from fluxdesk_host.keys.errors import KeyFormatError

    text = typed.strip()
    if (named := names.get(text.casefold())) is not None:
        return named
    evm, solana = text[:2].lower() == "0x", _is_solana(text)
    if family == "solana" and evm:
        raise BadRecipient(tr(_C, "An EVM address: nothing can be sent to it on Solana."))
    if family == "evm" and solana:
        raise BadRecipient(tr(_C, "A Solana address: nothing can be sent to it on an EVM chain."))
    try:
        if family == "evm":
            return to_checksum(parse_evm_address(text))
        parse_solana_address(text)
    except KeyFormatError as error:
        why = tr(_C, "Not an address or a known name: {why}.", why=str(error).rstrip("."))
        raise BadRecipient(why) from None
    return text


def names_of(choices: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Names that stand for one address alone, in lower case."""
    found: dict[str, set[str]] = {}
    for label, address in choices:
        found.setdefault(label.strip().casefold(), set()).add(address)
    return {label: min(addresses) for label, addresses in found.items() if label and len(addresses) == 1}


def _is_solana(text: str) -> bool:
    from fluxdesk_host.keys.addresses import parse_solana_address
    from fluxdesk_host.keys.errors import KeyFormatError

    try:
        parse_solana_address(text)
    except KeyFormatError:
        return False
    return True


def notes_of(known: "RecipientState | None", sender: str, recipient: str) -> list[Note]:
    """What is known of a recipient, the worst first. None: the agent could not be asked."""
    if known is None:
        return [Note("unknown", tr(_C, "The agent could not say whether this address is known. Compare it yourself."))]
    found = []
    if known.bad is not None:
        why = remote(known.bad.why, 120) or tr(_C, "no reason given")
        found.append(Note("bad", tr(_C, "On the known-bad list of {date}: {why}.", date=known.bad_date, why=why)))
    for other in known.alike[:3]:
        whose = {
            "contact": tr(_C, "your contact {label}", label=remote(other.label, 40)),
            "own": tr(_C, "your account {label}", label=remote(other.label, 40)),
            "sent": tr(_C, "an address you paid before"),
        }[other.kind]
        words = tr(_C, "Looks like {whose}, {other}, and is another one. Compare every character.", whose=whose,
                   other=other.address)  # fmt: skip
        found.append(Note("bad", words))
    if address_key(recipient) == address_key(sender):
        found.append(Note("warn", tr(_C, "This is the account that pays: it would pay itself.")))
    elif known.kind == "own":
        found.append(Note("ok", tr(_C, "Your own account {label}.", label=remote(known.label, 40))))
    elif known.kind == "contact":
        found.append(Note("ok", tr(_C, "In your address book as {label}.", label=remote(known.label, 40))))
    if known.known_for_ms is not None:
        days = known.known_for_ms // DAY_MS
        since = plural(_C, days, "{n} day ago", "{n} days ago") if days else tr(_C, "today")
        found.append(Note("ok", tr(_C, "This account first signed for it here {since}.", since=since)))
    elif known.kind in ("new", "sent"):
        found.append(Note("warn", tr(_C, "First contact: this account never signed anything for this address here.")))
    return found


def name_of(line_known: "RecipientState | None", recipient: str) -> str:
    """A recipient's name with the ends of its address; the ends alone when it has no name."""
    ends = short_address(recipient, 6, 6)
    label = remote(line_known.label, 40) if line_known is not None else ""
    return f"{label} ({ends})" if label else ends


def sum_words(base: int, holding: Holding) -> str:
    """An exact amount with its unit."""
    said = amount(str(base), holding.decimals)
    return said if holding.decimals is None and not holding.symbol else f"{said} {holding.symbol}".strip()


def coin_words(base: str | int, chain: w.ChainView) -> str:
    """An exact amount of a chain's own coin."""
    return f"{amount(str(base), chain.decimals)} {remote(chain.symbol, 16)}"


def headline(wish: "Wish") -> str:
    """The payment in one sentence."""
    if wish.replaces is not None:
        return tr(_C, "Cancel this payment") if wish.cancel else tr(_C, "Offer more for this payment")
    said = sum_words(wish.total, wish.holding)
    if len(wish.lines) > 1:
        return tr(_C, "Send {amount} to {n} recipients", amount=said, n=len(wish.lines))
    return tr(_C, "Send {amount} to {name}", amount=said, name=name_of(wish.lines[0].known, wish.lines[0].recipient))


def cost_rows(made: "Made") -> list[tuple[str, str, str]]:
    """(what, how much, why) of everything the account pays, the sum last."""
    wish, cost, chain = made.wish, made.total, made.wish.chain
    moved = 0 if wish.cancel else wish.total
    rows = [] if wish.cancel else [(tr(_C, "Amount"), sum_words(wish.total, wish.holding), "")]
    fee = tr(_C, "Network fee") if chain.family == "solana" else tr(_C, "Network fee, at most")
    rows.append((fee, coin_words(cost.fee_base, chain), tr(_C, "goes to the chain, also when the payment fails")))
    if int(cost.priority_base):
        rows.append((tr(_C, "Priority fee"), coin_words(cost.priority_base, chain), tr(_C, "for the speed chosen")))
    if int(cost.rent_base):
        why = tr(_C, "stays in the new token account, comes back when it is closed")
        rows.append((tr(_C, "Rent"), coin_words(cost.rent_base, chain), why))
    if int(cost.data_base):
        why = tr(_C, "for the data on the chain below, as last asked")
        rows.append((tr(_C, "Data fee"), coin_words(cost.data_base, chain), why))
    whole = coin_words(int(cost.total_base) + (moved if wish.holding.native else 0), chain)
    if not wish.holding.native and moved:
        whole = tr(_C, "{amount} and {coin}", amount=sum_words(wish.total, wish.holding), coin=whole)
    rows.append((tr(_C, "Leaves the account, at most"), whole, ""))
    return rows


def trial_rows(trial: "w.SimulationView | str", wish: "Wish", labels: Mapping[str, str]) -> list[tuple[str, str, Tone]]:
    """(who or what, how much, tone) of what trying it out showed. `labels`: `address_key` to label."""
    if isinstance(trial, str):
        return [(tr(_C, "Could not be simulated"), remote(trial, 300), "warn")]
    rows: list[tuple[str, str, Tone]] = []
    if trial.ok is False:
        rows.append((tr(_C, "It would fail"), remote(trial.reason, 300), "sell"))
    elif trial.ok:
        rows.append((tr(_C, "It would go through"), _as_of(trial, wish.chain), "text1"))
    else:
        rows.append((tr(_C, "Whether it would go through is unknown"), remote(trial.reason, 300), "warn"))
    if trial.changes is None:
        rows.append((tr(_C, "Changes of balances"), tr(_C, "unknown: the endpoint says success alone"), "warn"))
    for change in trial.changes or []:
        who = labels.get(address_key(change.account)) or short_address(change.account, 6, 6)
        base = int(change.change_base)
        rows.append((who, _changed(base, change.asset, wish, trial.assets), "sell" if base < 0 else "buy"))
    for given in trial.approvals or []:
        words = tr(_C, "may take {asset} from {owner}", asset=short_address(given.asset, 6, 6),
                   owner=short_address(given.owner, 6, 6))  # fmt: skip
        rows.append((short_address(given.spender, 6, 6), words, "sell"))
    for account, owner in trial.owners or []:
        rows.append((short_address(account, 6, 6), tr(_C, "gets the owner {owner}", owner=owner), "sell"))
    return rows


def warnings_of(made: "Made") -> list[tuple[Literal["bad", "warn"], Note]]:
    """What of the trials must not be overlooked, with the ground it is shown on."""
    found: list[tuple[Literal["bad", "warn"], Note]] = []
    for trial in made.trials:
        if isinstance(trial, str):
            words = tr(_C, "Nobody tried out what this would do: {why}", why=remote(trial, 300))
            found.append(("warn", Note("unknown", words)))
        elif trial.ok is False:
            words = tr(
                _C, "It would fail, and the fee would be paid all the same: {why}", why=remote(trial.reason, 300)
            )
            found.append(("bad", Note("bad", words)))
    return list(dict.fromkeys(found))


def _as_of(trial: w.SimulationView, chain: w.ChainView) -> str:
    if trial.block is None:
        return tr(_C, "tried out just now")
    at = tr(_C, "slot {n}") if chain.family == "solana" else tr(_C, "block {n}")
    return tr(_C, "as of {at}", at=at.format(n=f"{trial.block:,}"))


def _changed(base: int, asset: str, wish: "Wish", assets: Sequence[w.AssetView]) -> str:
    sign = MINUS if base < 0 else "+"
    size = str(abs(base))
    if asset == NATIVE:
        return f"{sign}{coin_words(size, wish.chain)}"
    if address_key(asset) == address_key(wish.holding.asset):
        return f"{sign}{sum_words(abs(base), wish.holding)}"
    known = next((a for a in assets if address_key(a.asset) == address_key(asset)), None)
    decimals = None if known is None else known.decimals
    symbol = "" if known is None else remote(known.symbol, 16)
    return f"{sign}{amount(size, decimals)} {symbol or short_address(asset, 6, 6)}"


def fee_words(fees: w.FeesView, place: int, family: str) -> str:
    """What a speed costs for a plain payment of the coin. `place`: 0 slow, 1 normal, 2 fast."""
    speed = ("slow", "normal", "fast")[place]
    found = next((fee for fee in fees.items if fee.speed == speed), None)
    if found is None:
        return tr(_C, "The chain gave no figure for this speed.")
    cost = f"{amount(found.transfer_base, fees.decimals)} {remote(fees.symbol, 16)}"
    if family == "solana":
        price = tr(_C, "{n} micro-lamports a compute unit", n=f"{int(found.most_per_unit):,}")
    else:
        price = tr(_C, "{n} gwei a gas", n=amount(found.most_per_unit, 9))
    return tr(_C, "A plain payment costs at most {cost} ({price}).", cost=cost, price=price)


def stand_words(send: w.SendView) -> tuple[str, Literal["ok", "warn", "bad", "unknown"]]:
    """Where a transaction stands, and its mark."""
    if send.state == "paid":
        return tr(_C, "Confirmed for good"), "ok"
    if send.state == "queued":
        return tr(_C, "Queued: not broadcast yet"), "unknown"
    if send.state == "sending":
        if send.included:
            seen = tr(_C, "Seen in block {n}", n=f"{send.block:,}") if send.block is not None else tr(_C, "Seen")
            return tr(_C, "{seen}, not final yet", seen=seen), "unknown"
        if not send.txs:
            return tr(_C, "Waits for its signature"), "unknown"
        return tr(_C, "Broadcast, not seen in a block yet"), "unknown"
    if send.state == "superseded":
        return tr(_C, "Replaced by another transaction"), "warn"
    if send.state == "cancelled":
        return tr(_C, "Cancelled: nothing was paid"), "warn"
    if send.state == "refused":
        return tr(_C, "Refused: nothing was paid"), "bad"
    return tr(_C, "Failed on the chain: only the fee was paid"), "bad"


def is_over(send: w.SendView) -> bool:
    """Whether nothing more comes of it."""
    return send.state not in ("queued", "sending")
