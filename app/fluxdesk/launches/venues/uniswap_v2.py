"""Uniswap V2: new pairs, liquidity, swaps, from logs. Sources: UniswapV2Factory.sol, UniswapV2Pair.sol (topics are
keccak-256 of the event signatures), the CREATE2 rule of UniswapV2Library.pairFor (init code hash of v2-core 1.0.x),
EIP-1014.

Swap and Mint name no token. The tokens come from a pair seen before, else from the ERC-20 transfers of the same
transaction, and then the pair's address must follow from a listed factory: a contract can emit any log it likes.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property, lru_cache

from fluxdesk.chains.evm.logs import Log
from fluxdesk.core.events import Kind, PoolState, Provenance, Row, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import DecodeContext, PoolInfo
from fluxdesk.launches.venues.common import quote_first

PAIR_CREATED = "0x0d3648bd0f6ba80134a33ba9275ac585d9d315f0ad8355cddefde31afa28d0e9"
MINT = "0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f"
SWAP = "0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822"
SYNC = "0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1"
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
OF_INTEREST = (PAIR_CREATED, MINT, SWAP)
_INIT_CODE_HASH = bytes.fromhex("96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f")

_TOKENS_MAX = 8
"""A pair with a fee on transfer moves three or four tokens in a swap; a contract that moves hundreds would cost a hash
for every two of them.
"""
_ROUTE_MAX = 16
"""Hops of one route that are followed to its end."""


def _word(data: bytes, i: int) -> int:
    return int.from_bytes(data[32 * i : 32 * i + 32], "big")


def _topic_address(topic: str) -> str:
    return "0x" + topic[26:]


@lru_cache(maxsize=100_000)
def pair_address(factory: str, token0: str, token1: str) -> str:
    """Where a factory puts the pair of two sorted tokens (EIP-1014)."""
    from Crypto.Hash import keccak

    salt = keccak.new(digest_bits=256, data=bytes.fromhex(token0[2:] + token1[2:])).digest()
    deed = b"\xff" + bytes.fromhex(factory[2:]) + salt + _INIT_CODE_HASH
    return "0x" + keccak.new(digest_bits=256, data=deed).digest()[12:].hex()


class PairLogs:
    """Rows of a batch of logs that belong together (one receipt, or one `eth_getLogs` answer)."""

    def __init__(self, ctx: DecodeContext, logs: Sequence[Log], sender: str | None = None) -> None:
        self._ctx = ctx
        self._logs = logs
        self._sender = sender
        self._counts: dict[tuple[str | None, Kind], int] = {}
        self._reserves: dict[str, tuple[int, int]] = {}
        self._moved: dict[tuple[str | None, str], set[str]] = defaultdict(set)
        """(transaction, account) -> tokens that moved to or from it."""
        self._paid_by: dict[tuple[str | None, str], set[str]] = defaultdict(set)
        """(transaction, account) -> accounts that paid it."""
        self._swap_to: dict[tuple[str | None, str], str] = {}
        """(transaction, pair) -> whom its last swap paid."""
        for log in logs:
            topic = log.topics[0] if len(log.topics) == 3 else None
            if topic == TRANSFER:
                source, target = _topic_address(log.topics[1]), _topic_address(log.topics[2])
                self._moved[log.tx, source].add(log.address)
                self._moved[log.tx, target].add(log.address)
                self._paid_by[log.tx, target].add(source)
            elif topic == SWAP:
                self._swap_to[log.tx, log.address] = _topic_address(log.topics[2])

    def rows(self) -> list[Row]:
        """One row a log of interest, in order."""
        out = []
        for log in self._logs:
            topic = log.topics[0] if log.topics else None
            if topic == SYNC and len(log.data) == 64:
                self._reserves[log.address] = (_word(log.data, 0), _word(log.data, 1))
            elif topic in OF_INTEREST:
                out.append(self._read(log, topic))
        return out

    def _row(self, kind: Kind, log: Log, **values: object) -> Row:
        n = self._counts.get((log.tx, kind), 0)
        self._counts[(log.tx, kind)] = n + 1
        return Row(
            kind=kind,
            venue=Venue.UNISWAP_V2,
            signature=log.tx,
            slot=log.block,
            index=None if log.index is None else str(log.index),
            ordinal=n,
            **values,  # type: ignore[arg-type]
        )

    def _read(self, log: Log, topic: str) -> Row:
        if log.removed:
            return self._row(Kind.REFUSED, log, reason=Reason.LOG_REMOVED)
        if topic == PAIR_CREATED:
            return self._created(log)
        if topic == MINT:
            return self._minted(log)
        return self._swapped(log)

    def _created(self, log: Log) -> Row:
        if len(log.topics) != 3 or len(log.data) < 64:
            return self._row(Kind.UNKNOWN, log, reason=Reason.MALFORMED_EVENT)
        token0, token1 = _topic_address(log.topics[1]), _topic_address(log.topics[2])
        pair = "0x" + log.data[12:32].hex()
        if log.address not in self._ctx.factories:
            return self._row(Kind.UNKNOWN, log, pool=pair, reason=Reason.UNKNOWN_FACTORY)
        self._ctx.pools.setdefault(pair, PoolInfo(token0, token1))
        token, quote = (token1, token0) if self._flip(token0, token1) else (token0, token1)
        return self._row(
            Kind.POOL,
            log,
            pool=pair,
            token_mint=token,
            quote_mint=quote,
            trader=self._sender,
            provenance=Provenance.EVENT_LOG,
        )

    def _flip(self, token0: str, token1: str) -> bool:
        return quote_first(self._ctx.evm_quotes, token0, token1)

    def _tokens(self, log: Log, topics: int, words: int) -> tuple[str, str] | Reason:
        """The tokens of a pair's log, if it has so many topics and at least so many words."""
        if len(log.topics) != topics or len(log.data) < 32 * words:
            return Reason.MALFORMED_EVENT
        known = self._ctx.pools.get(log.address)
        if known is not None:
            return known.mint_a, known.mint_b
        moved = sorted(self._moved[log.tx, log.address])
        if len(moved) < 2:
            return Reason.POOL_MINTS_UNKNOWN
        if len(moved) > _TOKENS_MAX:
            return Reason.UNKNOWN_FACTORY
        for i, token0 in enumerate(moved):
            for token1 in moved[i + 1 :]:
                if any(pair_address(f, token0, token1) == log.address for f in self._ctx.factories):
                    self._ctx.pools[log.address] = PoolInfo(token0, token1)
                    return token0, token1
        return Reason.UNKNOWN_FACTORY

    def _trader(self, log: Log) -> str | None:
        """Who signed, else as far as logs tell: whom the last pair of the route pays, and if that is the caller itself
        (a router about to unwrap ether, or a contract of its own) then the one account that paid the route.
        """
        if self._sender is not None:
            return self._sender
        caller, to = _topic_address(log.topics[1]), _topic_address(log.topics[2])
        for _ in range(_ROUTE_MAX):
            following = self._swap_to.get((log.tx, to))
            if following is None:
                break
            to = following
        if to != caller:
            return to if (log.tx, to) not in self._swap_to else None
        payers = self._payers(log.tx) - {caller}
        return next(iter(payers)) if len(payers) == 1 else None

    @cached_property
    def _swapping(self) -> dict[str | None, set[str]]:
        pairs: dict[str | None, set[str]] = defaultdict(set)
        for tx, pair in self._swap_to:
            pairs[tx].add(pair)
        return pairs

    def _payers(self, tx: str | None) -> set[str]:
        """Who paid the pairs of a transaction, other than these pairs."""
        pairs = self._swapping[tx]
        if len(pairs) > _ROUTE_MAX:
            return set()
        return set().union(*(self._paid_by[tx, pair] for pair in pairs)) - pairs

    def _minted(self, log: Log) -> Row:
        tokens = self._tokens(log, topics=2, words=2)
        if isinstance(tokens, Reason):
            return self._row(Kind.UNKNOWN, log, pool=log.address, reason=tokens)
        amounts = _word(log.data, 0), _word(log.data, 1)
        flip = self._flip(*tokens)
        return self._row(
            Kind.LIQUIDITY,
            log,
            pool=log.address,
            token_mint=tokens[flip],
            quote_mint=tokens[not flip],
            token_amount=amounts[flip],
            quote_amount=amounts[not flip],
            trader=self._sender,
            provenance=Provenance.EVENT_LOG,
            reason=Reason.LIQUIDITY_ADDED,
            state=self._state(log, flip),
        )

    def _swapped(self, log: Log) -> Row:
        tokens = self._tokens(log, topics=3, words=4)
        if isinstance(tokens, Reason):
            return self._row(Kind.UNKNOWN, log, pool=log.address, reason=tokens)
        flip = self._flip(*tokens)
        came = _word(log.data, flip), _word(log.data, not flip)
        left = _word(log.data, 2 + flip), _word(log.data, 2 + (not flip))
        bought, sold = left[0] > came[0] and came[1] > left[1], came[0] > left[0] and left[1] > came[1]
        if not bought and not sold:
            return self._row(Kind.UNKNOWN, log, pool=log.address, reason=Reason.AMBIGUOUS_LEGS)
        return self._row(
            Kind.TRADE,
            log,
            pool=log.address,
            token_mint=tokens[flip],
            quote_mint=tokens[not flip],
            side=Side.BUY if bought else Side.SELL,
            token_amount=left[0] if bought else came[0],
            quote_amount=came[1] if bought else left[1],
            trader=self._trader(log),
            provenance=Provenance.EVENT_LOG,
            state=self._state(log, flip),
        )

    def _state(self, log: Log, flip: bool) -> PoolState | None:
        reserves = self._reserves.get(log.address)
        return None if reserves is None else PoolState(token_reserve=reserves[flip], quote_reserve=reserves[not flip])
