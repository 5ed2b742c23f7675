"""The vault of a synthetic asset: health, stability fee, what may be minted, liquidation, redemption after a shutdown.

Integers in, integers out, bit for bit as `contracts/evm/src/synthetics/VaultMath.sol` and `SyntheticVault.sol`. Units:
collateral and synthetics in base units, fractions in 10^-18 (`WAD`), the index and the fee of a second in 10^-27
(`RAY`), a price as base units of the synthetic for one of the collateral times 10^36. Debts are rounded up, the value
of collateral and what is paid out for synthetics down.

A position keeps its *normal debt*: the debt over the index. The index grows by the fee, compounded by the second, and
stops at 2^16, so that no exit can overflow. It reads no chain and keeps no account.

Source: the index is Maker's `drip` (Dai stablecoin system, 2019); the incentive is Morpho Blue's
min(1.15, 1 / (1 - 0.3 (1 - LLTV))); the partial liquidation solves (V - (1 + i) r) LLTV = t (D - r) for r.
"""

from dataclasses import dataclass, replace
from typing import Final

from fluxdesk.core.curves.integers import CurveError, ceil_div

WAD: Final = 10**18
RAY: Final = 10**27
PRICE_UNIT: Final = 10**36
MAX_INDEX: Final = RAY << 16


class VaultRefusal(CurveError):
    """The vault refuses; `error` is the name of the contract's error."""

    def __init__(self, error: str, *values: int) -> None:
        super().__init__(f"{error}{values}")
        self.error = error
        self.values = values


@dataclass(frozen=True, slots=True)
class Terms:
    """What a vault was made with. `stability_fee` is a factor a second in 10^-27; the rest in 10^-18 or base units."""

    max_ltv: int
    lltv: int
    target_health: int
    stability_fee: int
    mint_fee: int
    debt_ceiling: int
    min_debt: int

    @property
    def incentive(self) -> int:
        """What a liquidator is given for one, in 10^-18, floored."""
        return min(1_150_000_000_000_000_000, WAD * WAD // (WAD - 300_000_000_000_000_000 * (WAD - self.lltv) // WAD))


@dataclass(frozen=True, slots=True)
class Position:
    """Collateral in base units and the normal debt."""

    collateral: int = 0
    normal: int = 0


@dataclass(frozen=True, slots=True)
class Liquidation:
    """What a liquidation burns of the liquidator's synthetics, seizes of the collateral, and writes off."""

    burned: int
    seized: int
    bad_debt: int


@dataclass(frozen=True, slots=True)
class Vault:
    """The totals of a vault at a moment. `supply` is that of the synthetic."""

    terms: Terms
    index: int = RAY
    collateral: int = 0
    normal: int = 0
    supply: int = 0
    bad_debt: int = 0

    @property
    def debt(self) -> int:
        """All debts together, floored."""
        return self.normal * self.index // RAY

    @property
    def fees(self) -> int:
        """What may be minted to the fee recipient."""
        return max(0, self.debt - self.supply)

    @property
    def shortfall(self) -> int:
        """Synthetics that no debt stands behind."""
        return max(0, self.supply - self.debt)


def _mul_ray_up(a: int, b: int) -> int:
    return min(ceil_div(a * b, RAY), MAX_INDEX)


def accrue(index: int, fee_per_second: int, elapsed: int) -> int:
    """The index `elapsed` seconds later, every product rounded up and ended at `MAX_INDEX`."""
    factor, base = RAY, fee_per_second
    while elapsed:
        if elapsed & 1:
            factor = _mul_ray_up(factor, base)
        elapsed >>= 1
        if elapsed:
            base = _mul_ray_up(base, base)
    return _mul_ray_up(index, factor)


def debt_of(normal: int, index: int) -> int:
    """The debt of a normal debt, rounded up."""
    return ceil_div(normal * index, RAY)


def normal_of(debt: int, index: int) -> int:
    """The normal debt of a debt, rounded up."""
    return ceil_div(debt * RAY, index)


def normal_left(normal: int, debt: int, burned: int, index: int) -> int:
    """The normal debt after `burned` of `debt` was paid; what is taken off is rounded down."""
    return 0 if burned == debt else normal - burned * RAY // index


def value_of(collateral: int, price: int) -> int:
    """What collateral is worth in the synthetic, rounded down."""
    return collateral * price // PRICE_UNIT


def health_of(position: Position, index: int, price: int, lltv: int) -> int | None:
    """Value times lltv over debt in 10^-18, floored; None without a debt. Below one it may be liquidated."""
    debt = debt_of(position.normal, index)
    return None if debt == 0 else value_of(position.collateral, price) * lltv // debt


def mintable(position: Position, index: int, price: int, terms: Terms) -> int:
    """What the position may mint within its limit; the ceiling and the minimum are not looked at."""
    limit = value_of(position.collateral, price) * terms.max_ltv // WAD
    room = limit - debt_of(position.normal, index) - ceil_div(index, RAY) - 1
    return room * WAD // (WAD + terms.mint_fee) if room > 0 else 0


def deposit(vault: Vault, position: Position, amount: int) -> tuple[Vault, Position]:
    """Collateral comes in. Raises `VaultRefusal`."""
    if amount == 0:
        raise VaultRefusal("ZeroAmount")
    if vault.collateral + amount >= 1 << 128:
        raise VaultRefusal("TooMuchCollateral")
    return replace(vault, collateral=vault.collateral + amount), replace(
        position, collateral=position.collateral + amount
    )


def mint(vault: Vault, position: Position, amount: int, price: int) -> tuple[Vault, Position]:
    """Mints; the debt grows by the amount and the mint fee, which is rounded up. Raises `VaultRefusal`."""
    terms, index = vault.terms, vault.index
    if amount == 0:
        raise VaultRefusal("ZeroAmount")
    if amount > terms.debt_ceiling:
        raise VaultRefusal("CeilingReached", amount, terms.debt_ceiling)
    added = normal_of(amount + ceil_div(amount * terms.mint_fee, WAD), index)
    debts = debt_of(vault.normal + added, index)
    if debts > terms.debt_ceiling:
        raise VaultRefusal("CeilingReached", debts, terms.debt_ceiling)
    debt = debt_of(position.normal + added, index)
    if debt < terms.min_debt:
        raise VaultRefusal("BelowMinimumDebt", debt)
    limit = value_of(position.collateral, price) * terms.max_ltv // WAD
    if debt > limit:
        raise VaultRefusal("Undercollateralised", debt, limit)
    return replace(vault, normal=vault.normal + added, supply=vault.supply + amount), replace(
        position, normal=position.normal + added
    )


def leave(
    vault: Vault, position: Position, amount: int, collateral: int, price: int | None, *, shut: bool = False
) -> tuple[Vault, Position, int]:
    """Pays back up to `amount` and takes `collateral` out; without a price (None) only where no debt is left or the
    collateral for a unit of debt does not fall. After a shutdown the price is the last good one and a debt must just be
    covered. Returns also what was burned. Raises `VaultRefusal`.
    """
    terms, index = vault.terms, vault.index
    if collateral > position.collateral:
        raise VaultRefusal("NotEnoughCollateral", position.collateral)
    debt = debt_of(position.normal, index)
    burned = min(amount, debt)
    after = Position(position.collateral - collateral, normal_left(position.normal, debt, burned, index))
    if after.normal:
        rest = debt_of(after.normal, index)
        if burned and rest < terms.min_debt and not shut:
            raise VaultRefusal("BelowMinimumDebt", rest)
        if collateral and after.collateral * debt < position.collateral * rest:
            if price is None:
                raise VaultRefusal("OracleNotLive")
            limit = value_of(after.collateral, price)
            if not shut:
                limit = limit * terms.max_ltv // WAD
            if rest > limit:
                raise VaultRefusal("Undercollateralised", rest, limit)
    changed = replace(
        vault,
        collateral=vault.collateral - collateral,
        normal=vault.normal - position.normal + after.normal,
        supply=vault.supply - burned,
    )
    return changed, after, burned


def liquidation_of(collateral: int, debt: int, price: int, max_burn: int, terms: Terms) -> Liquidation:
    """As little as brings a position to the target; all of the debt where the rest would be dust; all of the collateral
    where it does not cover the debt and the incentive. Raises `VaultRefusal`.
    """
    value = value_of(collateral, price)
    limit = value * terms.lltv // WAD
    incentive = terms.incentive
    if debt <= limit:
        raise VaultRefusal("HealthyPosition", debt, limit)
    if ceil_div(debt * incentive, WAD) >= value:
        burned = min(debt, ceil_div(value * WAD, incentive))
        if max_burn < burned:
            raise VaultRefusal("BurnTooSmall", burned)
        return Liquidation(burned, collateral, debt - burned)
    missing = terms.target_health * debt - value * terms.lltv
    burned = min(debt, ceil_div(missing, terms.target_health - ceil_div(incentive * terms.lltv, WAD)))
    if debt - burned < terms.min_debt:
        burned = debt
    if burned > max_burn:
        burned = max_burn
        if debt - burned < terms.min_debt:
            raise VaultRefusal("BelowMinimumDebt", debt - burned)
    return Liquidation(burned, burned * incentive // WAD * PRICE_UNIT // price, 0)


def liquidate(vault: Vault, position: Position, max_burn: int, price: int) -> tuple[Vault, Position, Liquidation]:
    """Liquidates; what is left has more collateral for each unit of debt than it had. Raises `VaultRefusal`."""
    debt = debt_of(position.normal, vault.index)
    done = liquidation_of(position.collateral, debt, price, max_burn, vault.terms)
    after = Position(
        position.collateral - done.seized, normal_left(position.normal, debt, done.burned + done.bad_debt, vault.index)
    )
    if after.normal and after.collateral * debt <= position.collateral * debt_of(after.normal, vault.index):
        raise VaultRefusal("HealthNotImproved")
    changed = replace(
        vault,
        collateral=vault.collateral - done.seized,
        normal=vault.normal - position.normal + after.normal,
        supply=vault.supply - done.burned,
        bad_debt=vault.bad_debt + done.bad_debt,
    )
    return changed, after, done


def realise(vault: Vault, position: Position, price: int) -> tuple[Vault, Position, int]:
    """After a shutdown: writes off what is owed beyond the collateral at the last good price; returns how much."""
    debt = debt_of(position.normal, vault.index)
    value = value_of(position.collateral, price)
    if debt <= value:
        return vault, position, 0
    after = replace(position, normal=value * RAY // vault.index)
    bad = debt - debt_of(after.normal, vault.index)
    changed = replace(vault, normal=vault.normal - position.normal + after.normal, bad_debt=vault.bad_debt + bad)
    return changed, after, bad


def redemption_of(amount: int, debt: int, debts: int, supply: int) -> tuple[int, int]:
    """What a redemption of up to `amount` against one debt burns, and what of the debt it pays: as much, or less by
    everyone's equal part of the shortfall.
    """
    if debts >= supply:
        return (min(amount, debt),) * 2
    amount = min(amount, supply)
    paid = amount * debts // supply
    return (amount, paid) if paid <= debt else (ceil_div(debt * supply, debts), debt)


def redeem(vault: Vault, position: Position, amount: int, price: int) -> tuple[Vault, Position, int, int]:
    """After a shutdown: burns synthetics for a position's collateral at the last good price. Returns also what was
    burned and the collateral paid. Raises `VaultRefusal`.
    """
    vault, position, _ = realise(vault, position, price)
    debt = debt_of(position.normal, vault.index)
    burned, paid = redemption_of(amount, debt, vault.debt, vault.supply)
    if paid == 0:
        raise VaultRefusal("ZeroAmount")
    collateral = paid * PRICE_UNIT // price
    after = Position(position.collateral - collateral, normal_left(position.normal, debt, paid, vault.index))
    changed = replace(
        vault,
        collateral=vault.collateral - collateral,
        normal=vault.normal - position.normal + after.normal,
        supply=vault.supply - burned,
    )
    return changed, after, burned, collateral
