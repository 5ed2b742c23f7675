"""Balances as rows: exact, unknown where unknown, and a token's own word made harmless."""

import msgspec

from fluxdesk.core import wallet_views as w
from fluxdesk.desktop import sample_wallet as made
from fluxdesk.desktop.screens.wallet import holdings as h
from fluxdesk.desktop.screens.wallet.balance_detail import BREAK, broken, grouped, source_rows, wrappable

SOLANA = made.chains()[0]


def answer(*tokens: w.TokenBalanceView, native: str | None = "1500000000", problem: str = "") -> w.BalancesView:
    item = w.BalanceView(account=made.ACCOUNTS[0].address, native_base=native, tokens=list(tokens), problem=problem)
    return w.BalancesView(chain=SOLANA.id, symbol="SOL", decimals=9, items=[item])


def token(asset: str, **more: object) -> w.TokenBalanceView:
    fields = {"asset": asset, "standard": "spl", "amount_base": "7", "decimals": 0}
    return w.TokenBalanceView(**(fields | more))  # type: ignore[arg-type]


def test_an_amount_is_exact_to_the_last_base_unit() -> None:
    (coin, big) = h.of_answer(
        made.ACCOUNTS[:1], SOLANA, answer(token("a", amount_base=str(2**64 - 1), decimals=18)), 5.0
    )
    assert (coin.amount, coin.symbol, coin.asked_s) == ("1.5", "SOL", 5.0)
    assert big.amount == "18.446744073709551615"


def test_unknown_decimals_leave_base_units_and_unknown_amounts_stay_unknown() -> None:
    rows = h.of_answer(made.ACCOUNTS[:1], SOLANA, answer(token("a", decimals=None), token("b", amount_base=None)), 5.0)
    assert rows[1].amount == "7 base units"
    assert rows[1].title == "Symbol unknown"
    assert rows[2].amount == "?"
    assert not rows[2].empty


def test_a_token_cannot_write_over_the_screen() -> None:
    (_, row) = h.of_answer(
        made.ACCOUNTS[:1], SOLANA, answer(token("a", symbol="SO\u202eL\n" + "x" * 99, name="\u200b")), 5.0
    )
    assert "\u202e" not in row.symbol
    assert "\n" not in row.symbol
    assert len(row.symbol) <= h.SYMBOL_LIMIT


def test_an_account_that_the_answer_leaves_out_is_said() -> None:
    rows = h.of_answer(made.ACCOUNTS, SOLANA, answer(), 5.0)
    assert [row.account.label for row in rows] == ["Main, Solana", "Cold storage"]
    assert "left this account out" in rows[1].problem
    assert rows[1].amount_base is None


def test_answers_in_parts_are_one() -> None:
    one, two = answer(token("a")), answer(token("a"), token("b"), problem="not all")
    found = h.joined([one, two])
    assert [t.asset for t in found.items[0].tokens] == ["a", "b"]
    assert found.items[0].problem == "not all"
    assert h.joined([one]) == one


def test_where_a_figure_comes_from_is_all_said() -> None:
    (row,) = h.of_answer(made.ACCOUNTS[:1], SOLANA, answer(), 1_795_269_842.0)
    said = {label: value for label, value, _ in source_rows(row)}
    assert said["Endpoint"] == "rpc.example.org, answers, head 351,904,377, 38 ms"
    assert said["As of"] == "no one slot: Solana answers coin and tokens apart"
    assert "Answered, by this machine's clock" in said
    item = msgspec.structs.replace(answer().items[0], account=made.ACCOUNTS[1].address, block=24)
    evm = w.BalancesView(chain=made.ETHEREUM, symbol="ETH", decimals=18, items=[item])
    (row,) = h.of_answer(made.ACCOUNTS[1:2], made.chains()[1], evm, 5.0)
    assert ("As of block", "24", False) in source_rows(row)


def test_an_address_in_groups_is_the_address() -> None:
    for address in (made.ACCOUNTS[0].address, made.ACCOUNTS[1].address):
        assert grouped(address).replace(" ", "") == address
        assert max(len(group) for group in grouped(address).split()) == 4


def test_a_long_figure_goes_on_in_the_next_line_whole() -> None:
    assert broken("1,234.123456789012345678").replace("\u200b", "") == "1,234.123456789012345678"
    assert max(len(part) for part in broken("0." + "1" * 255).split("\u200b")) <= 11
    assert broken("118.421") == "118.421"


def test_a_name_without_a_gap_goes_on_in_the_next_line_and_loses_nothing() -> None:
    name = "x" * 48
    shown = wrappable(f"{name}, evm")
    assert max(len(part) for part in shown.replace(" ", BREAK).split(BREAK)) == 24
    assert shown.replace(BREAK, "") == f"{name}, evm"
    assert wrappable("Solana, local") == "Solana, local"
