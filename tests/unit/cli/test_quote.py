"""`fluxdesk quote`, as a program: states on standard input, answers on standard output, mistakes with a sentence."""

import json
import subprocess
import sys

import pytest

WEIGHTED = {
    "kind": "weighted", "balances": [10**21, 2 * 10**21], "weights": ["0.8", "0.2"], "fee": 0.003, "amount": 10**19,
}  # fmt: skip
STABLE = {"kind": "stable", "balances": [10**24, 10**24, 10**24], "amplification": 200, "amount": 10**21}


def quote(given: object) -> tuple[int, str, str]:
    text = given if isinstance(given, str) else json.dumps(given)
    line = [sys.executable, "-c", "from fluxdesk.cli.main import main; main()", "quote", "--json"]
    done = subprocess.run(line, input=text, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def test_each_state_of_a_list_is_answered_in_its_place() -> None:
    code, out, _ = quote([WEIGHTED, STABLE | {"direction": "2->0"}, WEIGHTED | {"direction": "exact_out"}])
    first, second, third = json.loads(out)
    assert code == 0
    assert first["fee"] == str(3 * 10**16)
    assert (second["from"], second["to"]) == (2, 0)
    assert 10**21 - 10**16 < int(second["amount_out"]) < 10**21
    assert third["amount_out"] == str(10**19)


def test_a_fraction_is_read_exactly_whether_it_is_a_number_or_a_string() -> None:
    assert quote(WEIGHTED | {"fee": "0.003"}) == quote(WEIGHTED) == quote(WEIGHTED | {"fee": 3 * 10**15})


def test_what_the_pool_cannot_do_is_an_answer_with_its_reason() -> None:
    code, out, _ = quote(WEIGHTED | {"amount": 10**21})
    assert code == 1
    assert json.loads(out)["error"] == "TooLarge"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "nothing on standard input"),
        (" \n", "nothing on standard input"),
        ("[[[", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (5, "no JSON object"),
        ({"kind": "cubic"}, "`kind`"),
        (WEIGHTED | {"amount": 1.5}, "`amount` takes whole numbers"),
        (WEIGHTED | {"weights": None}, "`weights` is a list"),
        (WEIGHTED | {"fee": "0.0000000000000000001"}, "more than 18 digits"),
        (WEIGHTED | {"direction": "up"}, "`direction`"),
        (WEIGHTED | {"wieghts": []}, "wieghts"),
        (STABLE | {"amplification": True}, "`amplification`"),
        ([WEIGHTED, WEIGHTED | {"amount": None}], "State 1: `amount` is missing"),
        (WEIGHTED | {"amount": 10**100}, "100 digits at most"),
        (WEIGHTED | {"fee": "3e-19"}, "more than 18 digits"),
        (WEIGHTED | {"fee": "cheap"}, "`fee` takes a number such as"),
        ({"\x1b[31m\u202e": 1}, r"\x1b[31m\u202e"),
    ],
)
def test_a_state_that_is_not_understood_names_the_field_and_ends_with_two(given: object, said: str) -> None:
    code, out, error = quote(given)
    assert (code, out) == (2, "")
    assert said in error
    assert error.count("\n") == 1


def test_bytes_that_are_no_text_are_said() -> None:
    line = [sys.executable, "-m", "fluxdesk", "quote"]
    done = subprocess.run(line, input=b'{"kind": "\xff"}', capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"not JSON" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_small_fraction_may_have_an_exponent_as_writers_of_json_give_it() -> None:
    assert json.dumps(0.00005) == "5e-05"
    assert quote(WEIGHTED | {"fee": 0.00005}) == quote(WEIGHTED | {"fee": 5 * 10**13})
    assert quote(STABLE | {"amplification": "2e2"}) == quote(STABLE)


@pytest.mark.parametrize("multiplier", [2, "0.5", "-1"])
def test_an_off_peg_multiplier_below_one_is_refused_rather_than_read_as_none(multiplier: object) -> None:
    code, out, _ = quote(STABLE | {"off_peg": multiplier})
    assert code == 1
    assert "off-peg" in json.loads(out)["reason"]


@pytest.mark.parametrize("pool", [STABLE, STABLE | {"kind": "hybrid", "weights": ["1.0"] * 3, "groups": [0] * 3}])
@pytest.mark.parametrize("direction", ["exact_in", "exact_out", "add_exact_in", "remove_exact_shares"])
def test_balances_that_scale_to_nothing_are_refused(pool: dict[str, object], direction: str) -> None:
    nothing = pool | {"balances": [7, 6, 5], "rates": [1, 1, 1], "amount": 1, "supply": 9, "direction": direction}
    code, out, _ = quote(nothing)
    assert code == 1
    assert json.loads(out)["error"] == "ZeroAmount"


HYBRID = {
    "kind": "hybrid", "balances": [10**12, 10**12, 5 * 10**23], "weights": ["0.5", "0.5", "0.5"], "groups": [0, 0, 1],
    "amplification": 200, "rates": [10**30, 10**30, 10**18], "fee": "0.001", "amount": 10**9,
}  # fmt: skip


def test_a_hybrid_pool_trades_inside_a_group_and_across() -> None:
    code, out, _ = quote([HYBRID, HYBRID | {"from": 0, "to": 2}])
    inside, across = json.loads(out)
    assert code == 0
    assert 998 * 10**6 < int(inside["amount_out"]) < 10**9
    assert int(across["amount_out"]) < 25 * 10**19  # a unit of the pair is worth a quarter of one of the third
    assert 0 < int(inside["impact"]) < int(across["impact"]) < 4 * 10**15


def test_liquidity_in_one_asset_is_quoted_in_shares() -> None:
    pool = STABLE | {"fee": "0.0004", "supply": str(10**24), "index": 1}
    code, out, _ = quote([pool | {"direction": "add_exact_in"}, pool | {"direction": "remove_exact_out"}, STABLE])
    added, removed, _ = json.loads(out)
    assert code == 0
    assert 33 * 10**19 < int(added["shares"]) < int(removed["shares"]) < 34 * 10**19
    assert quote(STABLE | {"direction": "add_exact_in"})[0] == 1  # no supply was said


def test_a_pool_away_from_its_averages_charges_more() -> None:
    calm = WEIGHTED | {"volatility": 50}
    _, out, _ = quote([calm, calm | {"averages": [10**21, 19 * 10**20]}])
    first, second = json.loads(out)
    assert int(second["fee"]) > int(first["fee"]) == 3 * 10**16
