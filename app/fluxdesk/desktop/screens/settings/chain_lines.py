"""The chains of a profile and who serves them: the saved lines joined with what the node found. Pure.

An address may hold a key: what is shown of it is its scheme and host alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fluxdesk.core.chains import TABLE, BadChain, Chain, ChainBook, ChainId, read_added
from fluxdesk.core.endpoint import BadEndpoint, Endpoint
from fluxdesk.core.wallet_views import ChainView, EndpointView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.words import remote

_C = "Chains"
MAINNET = "solana:mainnet"


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """One endpoint. `line`: as saved, empty where the node took it from elsewhere. `found`: what the node knows."""

    shown: str
    line: str
    found: EndpointView | None


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One chain with its endpoints. `line` is the saved line of an added one."""

    id: str
    name: str
    symbol: str
    test: bool
    line: str
    practice: str
    note: str
    endpoints: tuple[EndpointRow, ...]


def known(added: Iterable[str]) -> dict[str, Chain]:
    """The chains of the table and those of the lines, by id; a line that does not fit is passed over."""
    book = ChainBook()
    for line in added:
        try:
            book.add(read_added(line))
        except BadChain:
            continue
    return {str(name): chain for name, chain in book.chains.items()}


def rows(added: Sequence[str], endpoints: Sequence[str], found: Sequence[ChainView]) -> list[ChainRow]:
    """The chains that are served or were added, then the others of the table."""
    chains, views = known(added), {view.id: view for view in found}
    lines = {f"eip155:{line.split()[0]}": line for line in added if line.split()}
    by_chain: dict[str, list[str]] = {}
    for line in endpoints:
        by_chain.setdefault(line.partition(" ")[0], []).append(line)
    made = []
    for name in [*views, *(c for c in chains if c not in views)]:
        view, chain = views.get(name), chains.get(name)
        own = [_endpoint(line, view) for line in by_chain.get(name, ())]
        shown = {row.shown for row in own}
        own += [EndpointRow(e.shown, "", e) for e in (view.endpoints if view else ()) if e.shown not in shown]
        if view is not None:
            made.append(
                ChainRow(name, remote(view.name, 40), remote(view.symbol, 12), view.test, lines.get(name, ""),
                         view.practice, view.note, tuple(own))
            )  # fmt: skip
        elif chain is not None:
            line = lines.get(name, "")
            made.append(ChainRow(name, chain.name, chain.symbol, chain.test, line, "", "", tuple(own)))
    return sorted(made, key=lambda row: not (row.endpoints or row.line or row.practice))


def _endpoint(line: str, view: ChainView | None) -> EndpointRow:
    try:
        shown = Endpoint.parse(line.partition(" ")[2], ("http", "https")).shown
    except BadEndpoint:
        shown = tr(_C, "an address that cannot be used")
    found = next((e for e in view.endpoints if e.shown == shown), None) if view is not None else None
    return EndpointRow(shown, line, found)


def state_words(row: EndpointRow) -> str:
    """How an endpoint is, in words with its numbers."""
    found = row.found
    if found is None:
        return tr(_C, "used when the node restarts")
    word = {
        "unasked": tr(_C, "not asked yet"),
        "good": tr(_C, "answers"),
        "slow": tr(_C, "answers slowly"),
        "behind": tr(_C, "behind the others"),
        "failing": tr(_C, "does not answer"),
        "other_chain": tr(_C, "serves another chain: not used"),
        "contradicts": tr(_C, "contradicts the others: not used"),
    }[found.state]
    numbers = []
    if found.latency_ms is not None:
        numbers.append(tr(_C, "{n} ms", n=f"{found.latency_ms:,}"))
    if found.head is not None:
        numbers.append(tr(_C, "at {n}", n=f"{found.head:,}"))
    return " · ".join([word, *numbers, *([remote(found.reason, 160)] if found.reason else [])])


def state_signal(row: EndpointRow) -> tuple[str, str]:
    """(shape, tone): of `paint.draw_signal`, and the colour which the words repeat."""
    state = "unasked" if row.found is None else row.found.state
    if state == "good":
        return "up", "text2"
    if state == "unasked":
        return "connecting", "text3"
    return ("slow", "warn") if state in ("slow", "behind") else ("down", "sell")


def endpoint_line(chain: str, url: str) -> str:
    """The line that is saved. Raises `BadEndpoint`."""
    return f"{chain} {Endpoint.parse(url, ('http', 'https')).url}"


def chain_line(number: str, name: str, symbol: str, test: bool, added: Iterable[str]) -> tuple[str, ChainId]:
    """The line of a chain as typed, and its id. Raises `BadChain`."""
    line = " ".join([number.strip().replace(",", ""), name.strip(), symbol.strip(), *(["test"] if test else [])])
    chain = read_added(line)
    book = ChainBook()
    for other in known(added).values():
        if other.id not in {c.id for c in TABLE}:
            book.add(other)
    book.add(chain)
    return line, chain.id
