"""The vault model: what no amounts, prices and times may break, and its arithmetic against exact fractions."""

import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.core.curves import vault as model
from fluxdesk.core.curves.vault import PRICE_UNIT, RAY, WAD, Position, Terms, Vault, VaultRefusal

FIVE_PERCENT = RAY + 1_547_125_957_863_212_448
TERMS = Terms(
    max_ltv=80 * WAD // 100,
    lltv=86 * WAD // 100,
    target_health=105 * WAD // 100,
    stability_fee=FIVE_PERCENT,
    mint_fee=5 * WAD // 1000,
    debt_ceiling=10**30,
    min_debt=100 * WAD,
)
indexes = st.integers(RAY, model.MAX_INDEX)
prices = st.integers(1, 10**50)
seconds = st.integers(0, 10**9)


def _vault_of(at: Position, index: int) -> Vault:
    return Vault(TERMS, index, at.collateral, at.normal, at.normal * index // RAY)


@given(first=seconds, second=seconds)
def test_a_fee_taken_in_two_steps_is_that_of_one_to_a_few_parts_of_ten_to_the_27(first: int, second: int) -> None:
    once = model.accrue(RAY, FIVE_PERCENT, first + second)
    twice = model.accrue(model.accrue(RAY, FIVE_PERCENT, first), FIVE_PERCENT, second)
    assert RAY <= once <= model.MAX_INDEX
    assert abs(twice - once) <= once * 40_000_000_000 // RAY + 200


def test_a_year_at_five_percent() -> None:
    assert abs(model.accrue(RAY, FIVE_PERCENT, 365 * 86_400) - 105 * RAY // 100) < 10**8


@given(index=indexes, fee=st.integers(RAY, RAY + 12_857_214_404_249_400_000), elapsed=st.integers(0, 10**12))
def test_an_index_never_falls_and_ends_at_its_bound(index: int, fee: int, elapsed: int) -> None:
    assert index <= model.accrue(index, fee, elapsed) <= model.MAX_INDEX


@given(debt=st.integers(1, 2**112), index=indexes)
def test_a_normal_debt_is_worth_its_debt_or_a_little_more(debt: int, index: int) -> None:
    normal = model.normal_of(debt, index)
    assert debt <= model.debt_of(normal, index) <= debt + -(-index // RAY)


@given(normal=st.integers(1, 2**112), index=indexes, part=st.integers(0, 2**128))
def test_paying_takes_no_more_off_a_debt_than_was_paid(normal: int, index: int, part: int) -> None:
    debt = model.debt_of(normal, index)
    burned = min(part, debt)
    left = model.normal_left(normal, debt, burned, index)
    assert Fraction((normal - left) * index, RAY) <= burned
    assert left > 0 or burned == debt


@given(collateral=st.integers(1, 2**100), price=prices, index=indexes)
def test_what_is_mintable_can_be_minted(collateral: int, price: int, index: int) -> None:
    at = Position(collateral)
    most = model.mintable(at, index, price, TERMS)
    if TERMS.min_debt <= most <= TERMS.debt_ceiling * 9 // 10:
        vault, after = model.mint(_vault_of(at, index), at, most, price)
        assert model.debt_of(after.normal, index) <= model.value_of(collateral, price) * TERMS.max_ltv // WAD
        assert vault.supply == most
        assert vault.debt >= most + most * TERMS.mint_fee // WAD


@given(
    collateral=st.integers(1, 2**100),
    normal=st.integers(100 * WAD, 2**100),
    index=st.integers(RAY, 4 * RAY),
    price=prices,
    max_burn=st.integers(0, 2**130),
)
def test_a_liquidation_improves_health_or_ends_the_position(
    collateral: int, normal: int, index: int, price: int, max_burn: int
) -> None:
    at = Position(collateral, normal)
    debt = model.debt_of(normal, index)
    refused = None
    try:
        vault, after, done = model.liquidate(_vault_of(at, index), at, max_burn, price)
    except VaultRefusal as refusal:
        refused = refusal.error
    if refused == "HealthyPosition":
        assert debt * WAD <= model.value_of(collateral, price) * TERMS.lltv
        return
    if refused is not None:
        assert refused in {"BurnTooSmall", "BelowMinimumDebt", "HealthNotImproved"}
        assert max_burn < debt
        return
    assert done.burned <= min(max_burn, debt)
    assert done.seized <= collateral
    # never more than the incentive, and one unit of collateral where all of it goes
    given_for = Fraction(done.seized * price, PRICE_UNIT)
    assert given_for <= Fraction((done.burned + 1) * TERMS.incentive, WAD) + Fraction(price, PRICE_UNIT) + 1
    if after.normal:
        rest = model.debt_of(after.normal, index)
        assert done.bad_debt == 0
        assert rest >= TERMS.min_debt
        assert Fraction(after.collateral, rest) > Fraction(collateral, debt)
    else:
        assert done.burned + done.bad_debt == debt
        assert done.bad_debt == 0 or after.collateral == 0
    assert vault.bad_debt == done.bad_debt


@given(collateral=st.integers(10**12, 2**90), price=st.integers(10**30, 10**40), health=st.integers(965, 999))
def test_an_unhindered_liquidation_reaches_the_target_and_goes_no_further(
    collateral: int, price: int, health: int
) -> None:
    value = model.value_of(collateral, price)
    debt = value * TERMS.lltv // WAD * 1000 // health
    if debt < 10**6 * TERMS.min_debt:
        return
    at = Position(collateral, debt)
    _, after, done = model.liquidate(_vault_of(at, RAY), at, debt, price)
    if after.normal and done.bad_debt == 0:
        reached = model.health_of(after, RAY, price, TERMS.lltv)
        assert reached is not None
        assert abs(reached - TERMS.target_health) <= 10**10 + price * WAD // PRICE_UNIT // after.normal


@given(
    collateral=st.integers(1, 2**100),
    normal=st.integers(1, 2**100),
    index=indexes,
    paid=st.integers(1, 2**130),
    taken=st.integers(1, 2**100),
)
def test_a_way_out_without_a_price_never_lowers_what_covers_a_debt(
    collateral: int, normal: int, index: int, paid: int, taken: int
) -> None:
    at = Position(collateral, normal)
    try:
        _, after, _ = model.leave(_vault_of(at, index), at, paid, taken, None)
    except VaultRefusal:
        return
    if after.normal:
        before = Fraction(collateral, model.debt_of(normal, index))
        assert Fraction(after.collateral, model.debt_of(after.normal, index)) >= before


@given(
    amount=st.integers(1, 2**128),
    debt=st.integers(0, 2**128),
    debts=st.integers(0, 2**128),
    supply=st.integers(1, 2**128),
)
def test_a_redemption_pays_everyones_equal_part_and_no_more(amount: int, debt: int, debts: int, supply: int) -> None:
    burned, paid = model.redemption_of(amount, debt, debts, supply)
    assert burned <= amount
    assert paid <= debt
    assert paid * supply <= burned * max(debts, supply)
    if debts < supply:
        assert Fraction(paid, 1) <= Fraction(burned * debts, supply)


@given(collateral=st.integers(1, 2**100), normal=st.integers(1, 2**100), index=indexes, price=prices)
def test_what_is_left_after_a_write_off_is_covered(collateral: int, normal: int, index: int, price: int) -> None:
    at = Position(collateral, normal)
    vault, after, bad = model.realise(_vault_of(at, index), at, price)
    rest = model.debt_of(after.normal, index)
    assert rest <= model.value_of(collateral, price)
    assert rest + bad == model.debt_of(normal, index)
    assert vault.bad_debt == bad
    assert vault.supply - vault.debt <= bad


def test_refusals_have_the_contracts_names() -> None:
    at = Position(10 * WAD)
    with pytest.raises(VaultRefusal, match="Undercollateralised"):
        model.mint(_vault_of(at, RAY), at, 16_000 * WAD, 2000 * PRICE_UNIT)
    with pytest.raises(VaultRefusal, match="BelowMinimumDebt"):
        model.mint(_vault_of(at, RAY), at, 1, 2000 * PRICE_UNIT)
    with pytest.raises(VaultRefusal, match="NotEnoughCollateral"):
        model.leave(_vault_of(at, RAY), at, 0, 11 * WAD, None)
    with pytest.raises(VaultRefusal, match="TooMuchCollateral"):
        model.deposit(_vault_of(at, RAY), at, 1 << 128)


def test_the_vectors_of_the_contract_are_those_the_model_makes() -> None:
    root = Path(__file__).resolve().parents[3]
    sys.path.insert(0, str(root / "tests"))
    try:
        from contracts import vault_vectors
    finally:
        sys.path.remove(str(root / "tests"))
    assert vault_vectors.PLACE.read_text(encoding="utf-8") == vault_vectors.make()
