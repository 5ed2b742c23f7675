"""Balances as trades imply them."""

from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.launches.ledger import Holding, Ledger

U256 = 2**256 - 1
trades = st.lists(st.tuples(st.sampled_from("abcd"), st.booleans(), st.integers(1, U256)), max_size=60)


@given(trades)
def test_holders_and_buyers_equal_a_plain_sum(seen: list[tuple[str, bool, int]]) -> None:
    ledger, holders, buyers = Ledger(), 0, 0
    plain: dict[str, int] = {}
    for wallet, is_buy, amount in seen:
        effect = ledger.apply(wallet, is_buy, amount)
        holders += effect.holders
        buyers += effect.new_buyer
        plain[wallet] = plain.get(wallet, 0) + (amount if is_buy else -amount)
    assert holders == sum(balance > 0 for balance in plain.values())
    assert buyers == len({wallet for wallet, is_buy, _ in seen if is_buy})


@given(trades, trades)
def test_a_ledger_loaded_from_balances_goes_on_as_the_one_that_was_dropped(
    before: list[tuple[str, bool, int]], after: list[tuple[str, bool, int]]
) -> None:
    kept = Ledger()
    balances: dict[str, int] = {}
    for wallet, is_buy, amount in before:
        kept.apply(wallet, is_buy, amount)
        balances[wallet] = balances.get(wallet, 0) + (amount if is_buy else -amount)
    bought = {wallet for wallet, is_buy, _ in before if is_buy}
    loaded = Ledger(Holding(wallet, balance, wallet in bought) for wallet, balance in balances.items())
    assert [kept.apply(*one) for one in after] == [loaded.apply(*one) for one in after]
