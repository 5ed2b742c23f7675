"""Every recorded transaction of the real data, row by row, with values checked by hand against the chain."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from fluxdesk.cli.decode import run
from fluxdesk.launches.context import SPL_TOKEN, TOKEN_2022, WSOL


def decoded(*files: Path) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    code = run(files, json=True, out=out, err=io.StringIO())
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def fee(name: str, amount: int) -> dict[str, str]:
    return {"name": name, "amount": str(amount), "mint": WSOL}


EXPECTED: dict[str, list[dict[str, Any]]] = {
    "pumpfun_2024/pumpfun_buy_0.json": [
        {
            "kind": "trade",
            "venue": "pumpfun",
            "slot": 290506981,
            "index": "2",
            "side": "buy",
            "token_amount": "56716561396327",
            "quote_amount": "3000000000",
            "quote_mint": WSOL,
            "token_program": SPL_TOKEN,
            "fees": None,
            "trader": "EfbbhahGNuhqEraRZXrwETfsaKxScngEttdQixWAW4WE",
        }
    ],
    "pumpfun_2024/pumpfun_sell_0.json": [
        {
            "kind": "trade",
            "index": "3",
            "side": "sell",
            "token_amount": "592443959000000",
            "quote_amount": "37437283903",
        }
    ],
    "pumpfun_2024/pumpfun_create_0.json": [
        {"kind": "launch", "index": "3", "name": "MOO DOG", "symbol": "MOODOG", "token_program": SPL_TOKEN},
        {"kind": "trade", "index": "5", "side": "buy", "token_amount": "34612903225806", "quote_amount": "1000000000"},
    ],
    "pumpfun_2026/raw_create_tx_from_gettransaction.json": [
        {
            "kind": "launch",
            "index": "2",
            "symbol": "TAS",
            "pool": "3jJ83NDorkbFkF1JKbEfFWGeX16aXUiwby9RwJm9kat3",
            "token_mint": "CWiTGbCiDd8BKtNYNE2boT9fJGFG2MU53Uf6HQk4pump",
            "token_program": TOKEN_2022,
            "quote_mint": WSOL,
            "creator": "5htGpHK2oV9g2BcDqLdRBqjCLdy8mc3fsESfR5DU73eM",
        },
        {
            "kind": "trade",
            "index": "5",
            "side": "buy",
            "token_amount": "96449438144093",
            "quote_amount": "2962962962",
            "fees": [fee("protocol", 28148149), fee("cashback", 8888889)],
        },
    ],
    "meteora_dbc/dbc_create.json": [
        {
            "kind": "launch",
            "venue": "meteora_dbc",
            "index": "0",
            "symbol": "FAFO",
            "quote_mint": WSOL,
            "creator": "5awoNsCULYySQaxHsGYxd9Xm7cr3GjyTZj8FmU4zsVEf",
        }
    ],
    "meteora_dbc/dbc_buy.json": [
        {
            "kind": "trade",
            "venue": "meteora_dbc",
            "slot": 415184133,
            "index": "6",
            "side": "buy",
            "token_amount": "322281812767019",
            "quote_amount": "200000000",
            "fees": [fee("trading", 3200000), fee("protocol", 800000)],
            "pool": "6df83M2zCRgxqVvjpUKMo8GWmGtcb6ojbZiNwjMBnb1i",
        }
    ],
    "pumpfun_2024/jupiterAggregatorV6_sharedAccountsRoute_1.json": [{"kind": "unknown", "reason": "no_known_program"}],
    "pumpfun_2024/raydiumLiquidityPoolV4_swap_0.json": [{"kind": "unknown", "reason": "no_known_program"}],
    "nesting/cpi_tx.json": [{"kind": "unknown", "reason": "no_known_program", "signature": None}],
    "nesting/simple_tx.json": [{"kind": "unknown", "reason": "no_known_program", "signature": None}],
    "launchlab_and_evm/vectors.json": [
        {
            "kind": "trade",
            "venue": "raydium_launchlab",
            "side": "buy",
            "quote_amount": "1980000000",
            "token_amount": "13081111858058",
            "token_mint": None,
            "index": None,
        },
        {
            "kind": "pool",
            "venue": "uniswap_v2",
            "slot": 11482855,
            "index": "11",
            "pool": "0x2fc67fef1ef659bda2d133f91238bb23d11b9a3c",
            "token_mint": "0xbd401cbbab7e3b8ec82078799f28348b9f628100",
        },
    ],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recorded_transaction_says_what_the_chain_says(real_data: Path, name: str) -> None:
    code, rows = decoded(real_data / name)
    assert code == 0
    assert [{k: row[k] for k in want} for row, want in zip(rows, EXPECTED[name], strict=True)] == EXPECTED[name]


@pytest.mark.parametrize(
    "name", ["pumpfun_2024/broken_data_0.json", "pumpfun_2026/raw_bonding_curve_from_getaccountinfo.json"]
)
def test_a_recording_without_a_transaction_is_refused(real_data: Path, name: str) -> None:
    assert decoded(real_data / name) == (2, [])


@pytest.mark.parametrize(
    "name", [n for n in EXPECTED if (n.startswith("pumpfun_20") and "pumpfun_" in n[12:]) or "create_tx" in n]
)
def test_the_logs_of_a_recorded_transaction_give_the_same_facts(real_data: Path, tmp_path: Path, name: str) -> None:
    doc = json.loads((real_data / name).read_bytes())
    tx = doc["result"] if isinstance(doc, dict) else doc[0]
    value = {"signature": tx["transaction"]["signatures"][0], "err": None, "logs": tx["meta"]["logMessages"]}
    note = tmp_path / "note.json"
    note.write_text(json.dumps({"params": {"result": {"context": {"slot": tx["slot"]}, "value": value}}}))
    _, whole = decoded(real_data / name)
    _, logged = decoded(note)
    for a, b in zip(whole, logged, strict=True):
        differs = {k for k in a if a[k] != b[k]}
        assert differs <= {"provenance", "token_program"}
        assert b["token_program"] in (None, a["token_program"])
