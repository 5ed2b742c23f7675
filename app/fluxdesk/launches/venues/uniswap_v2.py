"""Uniswap V2: new pairs, liquidity, swaps, from logs. Sources: UniswapV2Factory.sol, UniswapV2Pair.sol (topics are
keccak-256 of the event signatures), the CREATE2 rule of UniswapV2Library.pairFor (init code hash of v2-core 1.0.x),
EIP-1014.

Swap and Mint name no token. The tokens come from a pair seen before, else from the ERC-20 transfers of the same
transaction, and then the pair's address must follow from a listed factory: a contract can emit any log it likes.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from fluxdesk.chains.evm.logs import Log
from fluxdesk.core.events import Kind, PoolState, Provenance, Row, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import DecodeContext, PoolInfo

PAIR_CREATED = "0x0d3648bd0f6ba80134a33ba9275ac585d9d315f0ad8355cddefde31afa28d0e9"
MINT = "0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f"
SWAP = "0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822"
SYNC = "0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1"
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
OF_INTEREST = (PAIR_CREATED, MINT, SWAP)
_INIT_CODE_HASH = bytes.fromhex("96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f")


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
        for quote in self._ctx.evm_quotes:
            if quote in (token0, token1):
                return quote == token0
        return False

    def _tokens(self, log: Log) -> tuple[str, str] | Reason:
        known = self._ctx.pools.get(log.address)
        if known is not None:
            return known.mint_a, known.mint_b
        moved = sorted(set(self._moved_through(log)))
        if len(moved) < 2:
            return Reason.POOL_MINTS_UNKNOWN
        for i, token0 in enumerate(moved):
            for token1 in moved[i + 1 :]:
                if any(pair_address(f, token0, token1) == log.address for f in self._ctx.factories):
                    self._ctx.pools[log.address] = PoolInfo(token0, token1)
                    return token0, token1
        return Reason.UNKNOWN_FACTORY

    def _moved_through(self, log: Log) -> Iterable[str]:
        """Tokens transferred to or from the pair in the same transaction."""
        for other in self._logs:
            if other.tx != log.tx or len(other.topics) != 3 or other.topics[0] != TRANSFER:
                continue
            if log.address in (_topic_address(other.topics[1]), _topic_address(other.topics[2])):
                yield other.address

    def _minted(self, log: Log) -> Row:
        if len(log.topics) != 2 or len(log.data) < 64:
            return self._row(Kind.UNKNOWN, log, pool=log.address, reason=Reason.MALFORMED_EVENT)
        tokens = self._tokens(log)
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
        if len(log.topics) != 3 or len(log.data) < 128:
            return self._row(Kind.UNKNOWN, log, pool=log.address, reason=Reason.MALFORMED_EVENT)
        tokens = self._tokens(log)
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
            trader=self._sender or _topic_address(log.topics[2]),
            provenance=Provenance.EVENT_LOG,
            state=self._state(log, flip),
        )

    def _state(self, log: Log, flip: bool) -> PoolState | None:
        reserves = self._reserves.get(log.address)
        return None if reserves is None else PoolState(token_reserve=reserves[flip], quote_reserve=reserves[not flip])
