"""What a decoder may know besides the bytes: program ids, quote mints, factories, and the pools seen so far."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from fluxdesk.core.events import Venue
from fluxdesk.core.settings import Settings

WSOL = "So11111111111111111111111111111111111111112"
SPL_TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"

PROGRAMS: dict[str, Venue] = {
    "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P": Venue.PUMPFUN,
    "pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA": Venue.PUMPSWAP,
    "dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN": Venue.METEORA_DBC,
    "cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG": Venue.METEORA_DAMM_V2,
    "LanMV9sAd7wArD4vJFi2qDdfnVhFxYSUg6eADduJ3uj": Venue.RAYDIUM_LAUNCHLAB,
}
"""Program ids on Solana mainnet. Sources: the IDLs named in resources/layouts."""

PRACTICE_PROGRAMS: dict[str, Venue] = {
    "PracticePump1111111111111111111111111111111": Venue.PUMPFUN,
    "PracticeSwap1111111111111111111111111111111": Venue.PUMPSWAP,
    "PracticeDBC11111111111111111111111111111111": Venue.METEORA_DBC,
    "PracticeDamm1111111111111111111111111111111": Venue.METEORA_DAMM_V2,
    "PracticeLab11111111111111111111111111111111": Venue.RAYDIUM_LAUNCHLAB,
}
"""Ids of the practice market. No key can sign for them and no real cluster runs them."""


MAX_POOLS = 100_000
"""Pools kept in memory: 30 MB. Whole transactions teach again what was forgotten."""


class PoolInfo(msgspec.Struct, frozen=True, gc=False):
    """The mints of a pool in the program's own order, learnt from a creation or from a whole transaction.

    A restart keeps mints and program. Decimals it need not keep: a token's own state, which is saved, has learnt them.
    """

    mint_a: str
    """PumpSwap base, DAMM v2 token A, V2 token0, launchpad token."""
    mint_b: str
    """PumpSwap quote, DAMM v2 token B, V2 token1, launchpad quote."""
    token_program: str | None = None
    decimals_a: int | None = None
    decimals_b: int | None = None


class Pools(OrderedDict[str, PoolInfo]):
    """Pool address -> mints. Bounded: the pool that no event asked for longest leaves first.

    `get` counts as use; `[]` and `in` look without changing anything, for readers on other threads.
    """

    def __init__(
        self, pools: Mapping[str, PoolInfo] | Iterable[tuple[str, PoolInfo]] = (), most: int = MAX_POOLS
    ) -> None:
        self._most = most
        self._learnt: dict[str, None] = {}
        super().__init__(pools)

    def get(self, pool: str, default: PoolInfo | None = None) -> PoolInfo | None:  # type: ignore[override]
        """What is known of a pool that is in use."""
        if pool not in self:
            return default
        self.move_to_end(pool)
        return self[pool]

    def __setitem__(self, pool: str, info: PoolInfo) -> None:
        """Remembers a pool, and lets another go when there are too many."""
        super().__setitem__(pool, info)
        self._learnt[pool] = None
        if len(self) > self._most:
            gone, _ = self.popitem(last=False)
            self._learnt.pop(gone, None)

    def take_learnt(self) -> list[tuple[str, PoolInfo]]:
        """The pools that were learnt since this was last asked, in that order."""
        learnt, self._learnt = self._learnt, {}
        return [(pool, self[pool]) for pool in learnt]


@dataclass(slots=True)
class DecodeContext:
    """Everything a decode depends on besides the bytes; two equal contexts and equal bytes give equal rows."""

    programs: Mapping[str, Venue] = field(default_factory=lambda: {**PROGRAMS, **PRACTICE_PROGRAMS})
    solana_quotes: tuple[str, ...] = field(default_factory=lambda: Settings({}).lines("solana_quotes"))
    evm_quotes: tuple[str, ...] = field(default_factory=lambda: Settings({}).lines("evm_quotes"))
    factories: tuple[str, ...] = (
        "0x5c69bee701ef814a2b6a3edd4b1652cb9cc5aa6f",
        "0xf1d7cc64fb4452f05c498126312ebe29f30fbcf9",
        "0x8909dc15e40173ff4699343b6eb8132c65e18ec6",
        "0x0c3c1c532f1e39edf36be9fe0be1410313e074bf",
        "0x9e5a52f57b3038f1b8eee45f28b3c1967e22799c",
    )
    """Uniswap V2 factories: Ethereum, Arbitrum, Base and BNB Chain, Optimism, Polygon and Avalanche."""
    pools: Pools = field(default_factory=Pools)
    """What decoding whole transactions and creations taught."""
