"""Which chains a profile has and who serves them: from the settings, or practice chains. Contacts no one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fluxdesk.core.chains import BadChain, Chain, ChainBook, ChainId, added_chain, read_added
from fluxdesk.core.endpoint import BadEndpoint, Endpoint
from fluxdesk.core.paths import Mode
from fluxdesk.core.settings import Settings

MAINNET = ChainId("solana:mainnet")
PRACTICE_SOLANA = ChainId("solana:local")
PRACTICE_EVM = added_chain(31_337, "Practice EVM", "ETH", block_ms=1_000, confirmations=3, test=True)
"""31337 is what anvil calls its chain."""


@dataclass(frozen=True, slots=True)
class Place:
    """A chain and its endpoints, in the user's order. `practice` names the program that stands for it."""

    chain: Chain
    endpoints: tuple[Endpoint, ...] = ()
    practice: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """All chains of a profile by id, and what of the settings could not be used, in sentences."""

    by_id: Mapping[ChainId, Place]
    remarks: tuple[str, ...] = ()


def places(mode: Mode, settings: Settings) -> Places:
    """The chains of a profile."""
    if mode == "practice":
        local = ChainBook().chains[PRACTICE_SOLANA]
        return Places(
            {
                local.id: Place(local, practice="LiteSVM"),
                PRACTICE_EVM.id: Place(PRACTICE_EVM, practice="anvil"),
            }
        )
    book, remarks = _book(settings.lines("chains_added"))
    endpoints: dict[ChainId, list[Endpoint]] = {}
    for entry in settings.lines("chain_rpc"):
        name, _, url = entry.partition(" ")
        if name not in book.chains:
            remarks.append(f"Wallet endpoints: {name} is no known chain; add it under Added chains.")
            continue
        try:
            endpoints.setdefault(ChainId(name), []).append(Endpoint.parse(url, ("http", "https")))
        except BadEndpoint as error:
            remarks.append(f"Wallet endpoints: {name}: {error}")
    if mode == "live" and MAINNET not in endpoints:
        endpoints[MAINNET] = list(_of_the_sources(settings))
    if mode == "replay":
        endpoints = {}
    found = {chain.id: Place(chain, tuple(endpoints.get(chain.id, ()))) for chain in book.chains.values()}
    return Places(found, tuple(remarks))


def _book(lines: Iterable[str]) -> tuple[ChainBook, list[str]]:
    book, remarks = ChainBook(), []
    for line in lines:
        try:
            book.add(read_added(line))
        except BadChain as error:
            remarks.append(f"Added chains: {error}")
    return book, remarks


def _of_the_sources(settings: Settings) -> Iterable[Endpoint]:
    """The HTTP side of the endpoints that launches are read from."""
    for url in settings.lines("solana_http"):
        try:
            yield Endpoint.parse(url, ("http", "https"))
        except BadEndpoint:
            continue
    if settings.lines("solana_http"):
        return
    for url in settings.lines("solana_rpc"):
        try:
            yield Endpoint.parse(url, ("ws", "wss")).http()
        except BadEndpoint:
            continue
