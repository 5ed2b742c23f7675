"""What was signed in the last day, added up in every way a limit may ask for. Pure: no clock, no file, no keys.

A request's effects become `Spend`s in base units. They are kept in buckets of a minute; a day's sum holds every bucket
that may still touch the last 24 hours, so it is never too low, and too high by less than a minute's worth.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from fluxdesk_host.agent.audit import Spend
from fluxdesk_host.signing.reading import Effect, EffectKind, Reading

DAY_MS: Final = 86_400_000
BUCKET_MS: Final = 60_000
REQUESTS: Final = "#requests"
"""The asset under which requests themselves are counted, one each."""
FIAT: Final = "#fiat"
"""The asset under which worth is counted, in millionths of the fiat currency."""
FEE: Final = "fee"
REMEMBERED: Final = 20
"""Amounts of one account, origin and asset that are kept to tell the unusual by."""

TAKES: Final = frozenset(
    {
        EffectKind.NATIVE_OUT,
        EffectKind.TOKEN_OUT,
        EffectKind.NFT_OUT,
        EffectKind.APPROVAL,
        EffectKind.NFT_APPROVAL,
        EffectKind.PERMIT,
        EffectKind.ORDER,
        EffectKind.STAKE,
        EffectKind.BURN,
    }
)
"""Effects that take something from the account or allow somebody to."""


class Key(NamedTuple):
    """Where a spend belongs. None in a sum means: whichever."""

    account: str | None
    origin: str | None
    chain: str | None
    asset: str | None
    method: str | None = None
    to: str | None = None


def spends_of(reading: Reading, account: str) -> tuple[Spend, ...]:
    """What a request takes if it is signed, the fee included. An amount that is not bounded by the bytes is None."""
    taken = [_spend(effect) for effect in reading.effects if effect.kind in TAKES and not _counted_already(effect)]
    fee = reading.fee
    if fee is not None and fee.most != 0 and (fee.payer is None or same_address(fee.payer, account)):
        taken.append(Spend(asset="native", method=FEE, amount=fee.most))
    return tuple(taken)


def same_address(address: str, account: str) -> bool:
    """Whether an address of a reading is that of an account id such as `evm:0x…`."""
    return canonical(address) == canonical(account.partition(":")[2])


def canonical(address: str) -> str:
    """0x-hex in lower case; base58, where case matters, as it is."""
    return address.lower() if address[:2].lower() == "0x" else address


def _counted_already(effect: Effect) -> bool:
    return effect.through and effect.kind is EffectKind.NATIVE_OUT


def _spend(effect: Effect) -> Spend:
    bounded = effect.amount is not None and not effect.unlimited and effect.bound != "least"
    whom = effect.to or effect.spender or ""
    return Spend(asset=effect.asset, method=effect.kind, to=whom, amount=effect.amount if bounded else None)


class Ledger:
    """The last day's spends and what is known of recipients. Time is the agent's, in milliseconds, and only grows."""

    def __init__(self) -> None:
        self._buckets: deque[tuple[int, dict[Key, int]]] = deque()
        self._sums: dict[Key, int] = {}
        self._shapes: set[tuple[bool, ...]] = set()
        self._known: dict[tuple[str, str, str], int] = {}
        self.recipients: list[tuple[int, str]] = []
        """Whom anything was signed for: since when, and the account name; each once, in that order."""
        self._names: set[str] = set()
        self._usual: dict[tuple[str, str, str], deque[int]] = {}

    def add(self, now: int, account: str, origin: str, chain: str, spends: Iterable[Spend]) -> None:
        """Counts one signed request."""
        self._expire(now)
        minute = now // BUCKET_MS
        if not self._buckets or self._buckets[-1][0] < minute:
            self._buckets.append((minute, {}))
        bucket = self._buckets[-1][1]
        self._count(bucket, Key(account, origin, chain, REQUESTS, "request", ""), 1)
        for spend in spends:
            amount = spend.amount or 0
            self._count(bucket, Key(account, origin, chain, spend.asset, spend.method, spend.to), amount)
            if spend.fiat_micro:
                self._count(bucket, Key(account, origin, chain, FIAT, spend.method, spend.to), spend.fiat_micro)
            if spend.to and spend.amount != 0:  # sending nothing makes nobody known: poisoning begins with that
                self._meet(now, account, chain, spend.to)
            if spend.method != FEE and spend.amount is not None:
                place = (account, origin, spend.asset)
                self._usual.setdefault(place, deque(maxlen=REMEMBERED)).append(spend.amount)

    def take_back(self, now: int, account: str, origin: str, chain: str, spends: Iterable[Spend]) -> None:
        """Undoes an `add` of this minute or of one before, for a request that was counted and then not signed."""
        keys = [(Key(account, origin, chain, REQUESTS, "request", ""), 1)]
        for spend in spends:
            keys.append((Key(account, origin, chain, spend.asset, spend.method, spend.to), spend.amount or 0))
            if spend.fiat_micro:
                keys.append((Key(account, origin, chain, FIAT, spend.method, spend.to), spend.fiat_micro))
        for key, amount in keys:
            for _, bucket in reversed(self._buckets):
                if bucket.get(key, -1) >= amount:
                    bucket[key] -= amount
                    self._move_sums(key, -amount)
                    break
        self._expire(now)

    def total(self, now: int, key: Key) -> int:
        """The sum of the last day over everything that fits `key`."""
        self._expire(now)
        shape = tuple(part is None for part in key)
        if shape not in self._shapes:
            self._shapes.add(shape)
            for _, bucket in self._buckets:
                for full, amount in bucket.items():
                    masked = _masked(full, shape)
                    self._sums[masked] = self._sums.get(masked, 0) + amount
        return self._sums.get(key, 0)

    def known_since(self, account: str, chain: str, to: str) -> int | None:
        """When the account first signed something for this recipient."""
        return self._known.get((account, chain, to))

    def usual(self, account: str, origin: str, asset: str) -> tuple[int, ...]:
        """The amounts of the newest spends, for judging whether one is out of the ordinary."""
        return tuple(self._usual.get((account, origin, asset), ()))

    def _meet(self, now: int, account: str, chain: str, to: str) -> None:
        self._known.setdefault((account, chain, to), now)
        name = ("evm:" if chain.startswith("eip155:") else "solana:") + canonical(to)
        if name not in self._names:
            self._names.add(name)
            self.recipients.append((now, name))

    def _count(self, bucket: dict[Key, int], key: Key, amount: int) -> None:
        bucket[key] = bucket.get(key, 0) + amount
        self._move_sums(key, amount)

    def _move_sums(self, key: Key, amount: int) -> None:
        for shape in self._shapes:
            masked = _masked(key, shape)
            left = self._sums.get(masked, 0) + amount
            if left:
                self._sums[masked] = left
            else:
                self._sums.pop(masked, None)

    def _expire(self, now: int) -> None:
        oldest = (now - DAY_MS) // BUCKET_MS
        while self._buckets and self._buckets[0][0] < oldest:
            for key, amount in self._buckets.popleft()[1].items():
                self._move_sums(key, -amount)


def _masked(key: Key, shape: tuple[bool, ...]) -> Key:
    return Key(*(None if hidden else part for part, hidden in zip(key, shape, strict=True)))


class Price(NamedTuple):
    """What the node says an asset is worth: millionths of the fiat currency for one whole unit, and when it said so."""

    micro: int
    decimals: int
    at: int


def worth(spends: Iterable[Spend], prices: Mapping[tuple[str, str], Price], chain: str) -> tuple[Spend, ...]:
    """The spends with their worth, rounded up; without one where there is no price."""
    return tuple(_priced(spend, prices.get((chain, spend.asset))) for spend in spends)


def _priced(spend: Spend, price: Price | None) -> Spend:
    if price is None or spend.amount is None:
        return spend
    micro = -(-spend.amount * price.micro // 10**price.decimals)
    return Spend(spend.asset, spend.method, spend.to, spend.amount, micro)
