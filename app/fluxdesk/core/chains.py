"""The chains Fluxdesk can pay on: one table of the known ones, and what a chain that the user adds must be.

A chain here is a claim; whether an endpoint really serves it is asked of the endpoint before it is used
(`chains.rpc.pool`). No endpoint addresses stand here: they are the user's.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NewType

import msgspec

ChainId = NewType("ChainId", str)
"""`eip155:<number>` (CAIP-2) or `solana:<cluster>`."""

EVM_CHAIN_MAX = (2**64 - 1) // 2 - 36
"""The largest chain id whose `v` fits 64 bits (EIP-2294)."""
_NAME_MAX, _SYMBOL_MAX = 40, 11


class Family(StrEnum):
    """Which client speaks to a chain."""

    EVM = "evm"
    SOLANA = "solana"


class DataFee(StrEnum):
    """How a rollup charges for its data on the chain below."""

    NONE = "none"
    OP_STACK = "op_stack"
    """Beside the gas, asked of the GasPriceOracle predeploy (docs.optimism.io, transaction fees)."""
    ARBITRUM = "arbitrum"
    """Inside the gas estimate; how much of it, the NodeInterface says (docs.arbitrum.io, gas estimation)."""
    IN_GAS = "in_gas"
    """Inside the gas price (Polygon zkEVM): nothing to add."""


class Chain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One chain.

    Attributes:
        number: EIP-155 chain id; 0 on Solana.
        genesis: Genesis hash of a Solana cluster; empty where there is none to hold it to (EVM, a local cluster).
        block_ms: Usual time between blocks or slots.
        confirmations: Blocks on top, the including one counted, after which a payment counts as final. Solana: 0, its
            own `finalized` is used.
        data_fee: See `DataFee`.
        test: Its coins are worth nothing.
        added: By the user.
        note: What its user should know before using it.
    """

    id: ChainId
    family: Family
    name: str
    symbol: str
    decimals: int
    number: int = 0
    genesis: str = ""
    block_ms: int = 12_000
    confirmations: int = 12
    data_fee: DataFee = DataFee.NONE
    test: bool = False
    added: bool = False
    note: str = ""


ZKEVM_ENDS = (
    "Its operator announced in June 2025 that it is switched off in the course of 2026. What an endpoint still answers "
    "may be the end of it: take out what is on it, and send nothing there."
)


def _evm(
    number: int,
    name: str,
    symbol: str,
    block_ms: int,
    confirmations: int,
    data_fee: DataFee = DataFee.NONE,
    note: str = "",
) -> Chain:
    return Chain(
        ChainId(f"eip155:{number}"), Family.EVM, name, symbol, 18, number,
        block_ms=block_ms, confirmations=confirmations, data_fee=data_fee, note=note,
    )  # fmt: skip


def _solana(cluster: str, name: str, genesis: str, test: bool = True) -> Chain:
    return Chain(
        ChainId(f"solana:{cluster}"), Family.SOLANA, name, "SOL", 9,
        genesis=genesis, block_ms=400, confirmations=0, test=test,
    )  # fmt: skip


TABLE: tuple[Chain, ...] = (
    _evm(1, "Ethereum", "ETH", 12_000, 12),
    _evm(137, "Polygon", "POL", 2_000, 64),
    _evm(42_161, "Arbitrum One", "ETH", 250, 40, data_fee=DataFee.ARBITRUM),
    _evm(10, "Optimism", "ETH", 2_000, 20, data_fee=DataFee.OP_STACK),
    _evm(8_453, "Base", "ETH", 2_000, 20, data_fee=DataFee.OP_STACK),
    _evm(56, "BNB Smart Chain", "BNB", 750, 20),
    _evm(1_101, "Polygon zkEVM", "ETH", 3_000, 12, data_fee=DataFee.IN_GAS, note=ZKEVM_ENDS),
    _solana("mainnet", "Solana", "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d", test=False),
    _solana("devnet", "Solana devnet", "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"),
    _solana("testnet", "Solana testnet", "4uhcVJyU9pJkvQyS88uRDiswHXSGkY3zQawwpUk2NsNY"),
    _solana("local", "Solana, local", ""),
)
"""Genesis hashes: docs.anza.xyz, clusters. `confirmations` is this house's choice: about the depth that exchanges ask
for, which a caller may change; on rollups it says that the sequencer's word has not changed, not that the chain below
has it."""


class BadChain(ValueError):
    """A chain cannot be added; the message says why, in a sentence for the user."""


def added_chain(
    number: int, name: str, symbol: str, *, block_ms: int = 12_000, confirmations: int = 12, test: bool = False,
    data_fee: DataFee = DataFee.NONE, known: Iterable[Chain] = TABLE,
) -> Chain:  # fmt: skip
    """An EVM chain as a user or a site proposes it (EIP-3085). Its endpoints are still to be asked for its id.

    Raises:
        BadChain: Number, name or symbol cannot be, or would pass for a chain that is already known.
    """
    if isinstance(number, bool) or not 0 < number <= EVM_CHAIN_MAX:
        raise BadChain(f"A chain id is a whole number from 1 to {EVM_CHAIN_MAX:,}.")
    name, symbol = _readable(name, "name", _NAME_MAX), _readable(symbol, "symbol", _SYMBOL_MAX)
    if not 50 <= block_ms <= 600_000 or not 1 <= confirmations <= 10_000:
        raise BadChain("Blocks come every 50 ms to 600 s, and a payment is final after 1 to 10,000 of them.")
    for chain in known:
        if chain.number == number:
            raise BadChain(f"Chain id {number:,} is {chain.name}, which is already known.")
        if _folded(chain.name) == _folded(name):
            raise BadChain(f"The name {chain.name} belongs to another chain; choose one that tells them apart.")
    return Chain(
        ChainId(f"eip155:{number}"), Family.EVM, name, symbol, 18, number, block_ms=block_ms,
        confirmations=confirmations, data_fee=data_fee, test=test, added=True,
    )  # fmt: skip


def read_added(line: str) -> Chain:
    """A chain of one line: number, name, symbol, and `test` where its coins are worth nothing. Raises `BadChain`."""
    words = line.split()
    test = len(words) > 3 and words[-1] == "test"
    words = words[:-1] if test else words
    if len(words) < 3 or not (words[0].isascii() and words[0].isdigit() and len(words[0]) < 20):
        raise BadChain("A line holds the number of a chain, its name and its symbol, such as 100 Gnosis xDAI.")
    return added_chain(int(words[0]), " ".join(words[1:-1]), words[-1], test=test)


def _readable(text: str, what: str, most: int) -> str:
    text = text.strip()
    if not text or len(text) > most:
        raise BadChain(f"The {what} has 1 to {most} characters.")
    if not text.isprintable() or not text.isascii():
        raise BadChain(f"The {what} is written in plain letters, digits and signs, so that it cannot pass for another.")
    return text


def _folded(name: str) -> str:
    """What two names that look alike have in common."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(str.maketrans("01|", "oll"))
    return "".join(c for c in plain if c.isalnum()).replace("i", "l")


class ChainBook:
    """The known chains with the user's beside them, by id."""

    def __init__(self, added: Iterable[Chain] = ()):
        self._chains: dict[ChainId, Chain] = {chain.id: chain for chain in TABLE}
        for chain in added:
            self.add(chain)

    def add(self, chain: Chain) -> None:
        """Take in a chain of `added_chain`, or of a file. Raises `BadChain` as that does."""
        checked = added_chain(
            chain.number, chain.name, chain.symbol, block_ms=chain.block_ms, confirmations=chain.confirmations,
            test=chain.test, data_fee=chain.data_fee, known=self._chains.values(),
        )  # fmt: skip
        self._chains[checked.id] = checked

    def remove(self, chain: ChainId) -> None:
        """Forget a chain that the user added. Raises `BadChain` for any other."""
        if chain not in self._chains or not self._chains[chain].added:
            raise BadChain("Only a chain that was added can be removed.")
        del self._chains[chain]

    @property
    def chains(self) -> Mapping[ChainId, Chain]:
        """All of them."""
        return self._chains

    def encode(self) -> bytes:
        """The added ones, to be kept."""
        return msgspec.json.encode([chain for chain in self._chains.values() if chain.added])

    @staticmethod
    def decode(data: bytes) -> "ChainBook":
        """What `encode` gave. Raises `BadChain` when it is damaged or names a chain that cannot be."""
        try:
            return ChainBook(msgspec.json.decode(data, type=list[Chain]))
        except msgspec.MsgspecError as error:
            raise BadChain(f"The list of added chains is damaged ({error}).") from None
