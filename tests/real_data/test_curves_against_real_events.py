"""The curve maths against events of mainnet programs: reserves before and after, amounts and fees, to the unit."""

import base64
import json
import os
import struct
from pathlib import Path

import pytest

from fluxdesk.core.curves import launchlab, meteora_dbc, progress, pumpfun

DATA = Path(os.environ.get("FLUXDESK_REAL_DATA", "../shared/data"))
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real data at {DATA} (FLUXDESK_REAL_DATA)")

PUMP_TRADE = bytes.fromhex("bddb7fd34ee661ee")
NO_FEES = pumpfun.Rates(0, 0)


def pump_trades(name: str) -> list[dict[str, int]]:
    """Numbers of every pump.fun TradeEvent in the logs of a recorded file, by the byte order of the published IDL."""
    found = json.loads((DATA / name).read_text())
    transactions = [t.get("result", t) for t in (found if isinstance(found, list) else [found]) if isinstance(t, dict)]
    out = []
    for line in (line for t in transactions for line in t["meta"]["logMessages"]):
        payload = base64.b64decode(line[14:]) if line.startswith("Program data: ") else b""
        if payload[:8] != PUMP_TRADE:
            continue
        quote, token, is_buy = struct.unpack_from("<QQ?", payload, 40)
        vq, vt, rq, rt = struct.unpack_from("<QQQQ", payload, 40 + 17 + 32 + 8)
        row = {"quote": quote, "token": token, "is_buy": is_buy, "vq": vq, "vt": vt, "rq": rq, "rt": rt}
        if len(payload) > 300:
            at = 40 + 17 + 32 + 8 + 32 + 32
            row |= dict(zip(("fee_bps", "fee"), struct.unpack_from("<QQ", payload, at), strict=True))
            name_at = at + 16 + 32 + 16 + 1 + 32
            size = int.from_bytes(payload[name_at : name_at + 4], "little")
            row |= dict(
                zip(("cashback_bps", "cashback"), struct.unpack_from("<QQ", payload, name_at + 5 + size), strict=True)
            )
        out.append(row)
    return out


def curve_before(e: dict[str, int]) -> pumpfun.Curve:
    sign = 1 if e["is_buy"] else -1
    token, quote = sign * e["token"], sign * e["quote"]
    return pumpfun.Curve(e["vt"] + token, e["vq"] - quote, e["rt"] + token, e["rq"] - quote)


def curve_after(e: dict[str, int]) -> pumpfun.Curve:
    return pumpfun.Curve(e["vt"], e["vq"], e["rt"], e["rq"])


@pytest.mark.parametrize("name", ["pumpfun_2024/pumpfun_buy_0.json", "pumpfun_2024/pumpfun_create_0.json"])
def test_a_real_buy_of_exact_tokens_costs_what_the_curve_says(name: str) -> None:
    events = pump_trades(name)
    assert events
    for e in events:
        trade = pumpfun.buy_exact_tokens(curve_before(e), e["token"], NO_FEES)
        assert (trade.quote, trade.curve) == (e["quote"], curve_after(e))


def test_a_real_sell_pays_what_the_curve_says() -> None:
    events = pump_trades("pumpfun_2024/pumpfun_sell_0.json")
    assert events
    for e in events:
        trade = pumpfun.sell(curve_before(e), e["token"], NO_FEES)
        assert (trade.quote, trade.curve) == (e["quote"], curve_after(e))


def test_a_real_buy_of_three_sol_matches_amounts_reserves_and_both_fees() -> None:
    (e,) = pump_trades("pumpfun_2026/raw_create_tx_from_gettransaction.json")
    trade = pumpfun.buy_exact_quote(curve_before(e), 3_000_000_000, pumpfun.Rates(e["fee_bps"], e["cashback_bps"]))
    assert (trade.quote, trade.token, trade.curve) == (e["quote"], e["token"], curve_after(e))
    assert (trade.protocol_fee, trade.creator_fee) == (e["fee"], e["cashback"])
    assert trade.paid() == 3_000_000_000


def test_progress_of_a_real_pump_launch_agrees_with_its_launch_state() -> None:
    (e,) = pump_trades("pumpfun_2026/raw_create_tx_from_gettransaction.json")
    fresh = pumpfun.Curve(1_073_000_000_000_000, 30_000_000_000, 793_100_000_000_000, 0)
    by_launch = progress.progress_ppm(e["rq"], pumpfun.quote_needed(fresh))
    assert progress.pump_progress_ppm(e["vt"], e["vq"], e["rt"], e["rq"]) == by_launch == 34_856


def test_a_real_launchlab_buy_matches_to_the_unit() -> None:
    e = json.loads((DATA / "launchlab_and_evm/vectors.json").read_text())["raydium_launchlab_trade_buy"]["expect"]
    curve = launchlab.launch(10**15, e["total_base_sell"], 85_000_000_000)
    assert (curve.virtual_base, curve.virtual_quote) == (e["virtual_base"], e["virtual_quote"])
    curve = launchlab.Curve(
        curve.total_base_sell, curve.total_quote_raise, curve.virtual_base, curve.virtual_quote,
        e["real_base_before"], e["real_quote_before"],
    )  # fmt: skip
    trade = launchlab.buy_exact_quote(curve, e["amount_in"], launchlab.Rates(2_500, 10_000, 500))
    assert trade.base == e["amount_out"]
    assert trade.fees == (e["protocol_fee"], e["platform_fee"], e["creator_fee"], e["share_fee"])
    assert (trade.curve.real_base, trade.curve.real_quote) == (e["real_base_after"], e["real_quote_after"])
    needed = launchlab.quote_needed(e["total_base_sell"], e["virtual_base"], e["virtual_quote"])
    assert needed == 85_000_000_000


def test_a_real_dbc_buy_matches_to_the_unit() -> None:
    """The pool's config is the SDK's one-range curve: a billion tokens, a fifth to the pool, a tenth left over."""
    tx = json.loads((DATA / "meteora_dbc/dbc_buy.json").read_text())
    from fluxdesk.native.base58 import b58decode

    inner = [b58decode(i["data"]) for ix in tx["instructions"] for i in ix.get("innerInstructions", [])]
    (event,) = [d[16:] for d in inner if d[8:16] == bytes.fromhex("bd4233a826507599")]
    at = 32 + 32 + 1 + 1
    amount_0, _, _mode = struct.unpack_from("<QQB", event, at)
    included, excluded, left, out = struct.unpack_from("<QQQQ", event, at + 17)
    price = int.from_bytes(event[at + 49 : at + 65], "little")
    trading, protocol, _, reserve, threshold, _ = struct.unpack_from("<QQQQQQ", event, at + 65)
    config = meteora_dbc.single_segment(10**15, 2 * 10**14, threshold, 10**14, 20_000_000)
    swap = meteora_dbc.buy(config, meteora_dbc.Pool(config.start), amount_0)
    assert (swap.included_in, swap.excluded_in, swap.left, swap.out) == (included, excluded, left, out)
    assert (swap.pool.sqrt_price, swap.pool.quote_reserve) == (price, reserve)
    assert (swap.trading_fee, swap.protocol_fee) == (trading, protocol)
