"""What a site proposes for the owner's lists, a chain (EIP-3085) or a token (EIP-747), from the bytes that wait. Pure.

Names, symbols and endpoints are the site's own words and shown as such; nothing is on a list before the owner says yes.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from fluxdesk.core.chains import BadChain, read_added
from fluxdesk.core.entries import fault
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.words import remote
from fluxdesk_host.agent.owner import Waits

_C = "Approval"
KINDS: Final = ("add_chain", "watch_asset")
MOST_ENDPOINTS: Final = 3
LONGEST_ENDPOINT: Final = 300
"""Characters: all of it is shown."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of them.

    Attributes:
        sentence: what a yes does.
        facts: label, value, and whether it is an address.
        lines: what is added, by the name of the setting.
        problem: why it cannot be added; empty if it can.
    """

    sentence: str
    facts: tuple[tuple[str, str, bool], ...] = ()
    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()
    problem: str = ""


class _Coin(msgspec.Struct):
    name: str
    symbol: str
    decimals: int


class _Chain(msgspec.Struct, rename="camel"):
    chain_id: str
    chain_name: str
    native_currency: _Coin
    rpc_urls: list[str]


class _Token(msgspec.Struct):
    chain: str
    address: str
    symbol: str
    decimals: int


class _Asked(msgspec.Struct):
    payload: msgspec.Raw


def proposal(waits: Waits) -> Proposal | None:
    """What is proposed; None for any other request."""
    if waits.kind not in KINDS:
        return None
    try:
        if waits.raw_length != len(waits.raw):
            raise ValueError("it is not whole")
        payload = msgspec.json.decode(waits.raw, type=_Asked).payload
        if waits.kind == "add_chain":
            return _chain(msgspec.json.decode(payload, type=_Chain))
        return _token(msgspec.json.decode(payload, type=_Token))
    except (ValueError, msgspec.MsgspecError) as error:
        why = tr(_C, "What the site proposes is not understood ({why}). Nothing is added.", why=remote(str(error), 200))
        return Proposal(tr(_C, "Something for your lists that is not understood."), problem=why)


def _chain(asked: _Chain) -> Proposal:
    number, coin = int(asked.chain_id, 16), asked.native_currency
    line = f"{number} {asked.chain_name} {coin.symbol}"
    endpoints = tuple(f"eip155:{number} {url}" for url in asked.rpc_urls[:MOST_ENDPOINTS])
    problem = ""
    try:
        if coin.decimals != 18:
            raise BadChain(tr(_C, "The coin of an EVM chain has 18 decimals."))
        added = read_added(line)
        if (added.name, added.symbol, added.test) != (asked.chain_name, coin.symbol, False):
            raise BadChain(tr(_C, "Its name and its coin would not stand on your list as they are shown here."))
        wrong = next((found for one in endpoints if (found := _fault(one)) is not None), None)
        if wrong is not None or not endpoints:
            raise BadChain(tr(_C, "An endpoint {why}.", why=wrong or tr(_C, "is missing")))
    except BadChain as error:
        problem = tr(_C, "It cannot be added: {why}", why=str(error))
    name = remote(asked.chain_name, 40)
    facts = [(tr(_C, "Chain number"), str(number), True), (tr(_C, "Its name, says the site"), name, False)]
    facts.append((tr(_C, "Its coin, says the site"), f"{remote(coin.symbol, 12)} ({remote(coin.name, 40)})", False))
    facts += [(tr(_C, "Endpoint"), remote(url, LONGEST_ENDPOINT), True) for url in asked.rpc_urls[:MOST_ENDPOINTS]]
    return Proposal(
        tr(_C, "Add {name}, chain {number}, to your chains.", name=name, number=number),
        tuple(facts),
        (("chains_added", (line,)), ("chain_rpc", endpoints)),
        problem,
    )


def _fault(endpoint: str) -> str | None:
    """What is wrong with an endpoint of a site, which may not pass one for another; the owner may type more kinds."""
    url = endpoint.partition(" ")[2]
    if (wrong := fault("chain_endpoint", endpoint)) is not None:
        return wrong
    if not url.startswith("https://") or "@" in url.partition("://")[2].partition("/")[0]:
        return tr(_C, "does not begin with https:// and the name of its host")
    if not url.isascii() or len(url) > LONGEST_ENDPOINT:
        return tr(_C, "is too long, or has letters that may pass for others")
    return None


def _token(asked: _Token) -> Proposal:
    line = f"{asked.chain} {asked.address}"
    wrong = fault("watched_token", line)
    symbol = remote(asked.symbol, 12)
    facts = (
        (tr(_C, "Chain"), remote(asked.chain, 40), False),
        (tr(_C, "Contract"), remote(asked.address, 64), True),
        (tr(_C, "Its symbol, says the site"), symbol, False),
        (tr(_C, "Decimals, says the site"), str(asked.decimals), False),
    )
    problem = "" if wrong is None else tr(_C, "It cannot be added: the token {why}.", why=wrong)
    sentence = tr(_C, "Show a token that the site calls {symbol} among your balances.", symbol=symbol)
    return Proposal(sentence, facts, (("tokens_watched", (line,)),), problem)


def reason(waits: Waits) -> tuple[int, str]:
    """Danger, and why."""
    if waits.kind == "add_chain":
        return 3, tr(
            _C,
            "Whoever runs the endpoint sees your addresses and what you ask, and can tell you of balances that are not "
            "there. A chain of this name may not be the one you know: compare its number.",
        )
    return 1, tr(_C, "Anyone can make a token of any name. This shows it; it moves nothing.")


def verb(waits: Waits) -> str:
    """What a yes is called."""
    return tr(_C, "Add the chain") if waits.kind == "add_chain" else tr(_C, "Show the token")
