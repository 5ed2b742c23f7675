"""The bank: mints and wallets in, bars by mint out, and what it does with odd input."""

import os
import subprocess
import sys

import pytest

from fluxdesk.analytics.windows.bank import Trade, WindowBank
from fluxdesk.analytics.windows.records import InvalidSnapshot, Late, Rolling

S = 1_000_000_000
DAY = 1_700_000_100 * S


def trade(time, mint="Mint", price=1.0, base=10, quote=100, is_buy=True, trader="Wallet"):
    return Trade(mint, time, price, base, quote, is_buy, trader)


def open_bars(bank):
    return [bar for bar in bank.live_bars("Mint") if not bar.closed]


def test_closed_bars_come_with_their_mint():
    bank = WindowBank()
    bank.add([trade(DAY, mint="A"), trade(DAY, mint="B", is_buy=False, trader=None)])
    changes = bank.add([trade(DAY + S, mint="C")])
    closed = dict(changes.closed())
    assert set(closed) == {"A", "B"}
    assert (closed["B"].trades, closed["B"].sells, closed["B"].traders) == (1, 1, 0)
    assert {mint for mint, _ in changes.bars()} == {"A", "B", "C"}


def test_open_bars_and_rolling_are_asked_by_mint():
    bank = WindowBank()
    bank.add([trade(DAY), trade(DAY + 1, trader="Other"), trade(DAY + S, is_buy=False)])
    assert [(bar.interval, bar.start_ns, bar.trades) for bar in open_bars(bank)] == [
        (0, DAY + S, 1),
        (1, DAY, 3),
        (2, DAY, 3),
    ]
    assert [bar.start_ns for bar in bank.live_bars("Mint") if bar.interval == 0] == [DAY, DAY + S]
    assert bank.rolling("Mint") == Rolling(300, 2, 1, 2)
    assert bank.rolling("Mint", DAY + 301 * S) == Rolling()
    assert (bank.live_bars("never traded"), bank.rolling("never traded")) == ([], Rolling())


def test_a_trade_that_cannot_be_counted_is_said_and_the_others_count():
    bank = WindowBank()
    changes = bank.add(
        [trade(DAY), trade(DAY, base=2**128), trade(DAY, quote=-1), trade(-1), trade(DAY + 4294967296 * S), trade(DAY)]
    )
    assert changes.refused == [1, 2, 3, 4]
    assert bank.refused == 4
    assert open_bars(bank)[0].trades == 2


def test_late_trades_are_named_by_their_place_in_what_was_given():
    bank = WindowBank(lateness_ns=0)
    changes = bank.add([trade(DAY, base=-1), trade(DAY + 900 * S), trade(DAY)])
    assert changes.late() == [Late(2, (0, 1, 2), True)]
    assert bank.late == 1


def test_amounts_of_18_decimals_are_exact():
    bank = WindowBank()
    bank.add([trade(DAY, quote=10**30 + 1, base=2**112 - 1), trade(DAY, quote=2, base=1)])
    bar = open_bars(bank)[0]
    assert (bar.quote, bar.base) == (10**30 + 3, 2**112)


def test_a_clock_that_runs_ahead_does_not_close_windows_early():
    bank = WindowBank()
    bank.add([trade(DAY), trade(DAY + 3600 * S, trader="Ahead")], now_ns=DAY + 5)
    assert bank.watermark_ns == DAY + 5
    assert open_bars(bank)[0].trades == 2


def test_changes_read_after_the_mints_were_forgotten_still_know_their_names():
    bank = WindowBank()
    bank.add([trade(DAY, mint="Old")])
    bank.add([trade(DAY + 400 * S, mint="Other")])
    bank.add([trade(DAY + 401 * S, mint="Old")])
    changes = bank.add([trade(DAY + 2000 * S, mint="New")])
    bank.add([trade(DAY + 4000 * S, mint="Newer")])
    assert {mint for mint, bar in changes.closed()} == {"Old", "Other"}


def test_a_mint_that_was_idle_for_two_generations_has_its_last_bar_closed_under_its_name():
    bank = WindowBank()
    bank.add([trade(DAY, mint="First")])  # a generation begins here
    bank.add([trade(DAY + 310 * S, mint="Idle")])
    bank.add([trade(DAY + 311 * S, mint="First")])  # and the next one here
    assert "Idle" in {mint for mint, _ in bank.add([trade(DAY + 2000 * S, mint="First")]).closed()}


def test_a_bank_goes_on_from_its_snapshot():
    bank = WindowBank()
    bank.add([trade(DAY, trader="A"), trade(DAY + S, mint="Other", trader="B")])
    again = WindowBank.restore(bank.snapshot())
    more = [trade(DAY + 1, trader="A"), trade(DAY + 1, trader="B"), trade(DAY - 900 * S)]
    for one in (bank, again):
        changes = one.add(more)
        assert [late.event for late in changes.late()] == [2]
    assert again.live_bars("Mint") == bank.live_bars("Mint")
    assert again.rolling("Mint") == bank.rolling("Mint") == Rolling(300, 3, 0, 2)
    assert (again.late, again.watermark_ns) == (bank.late, bank.watermark_ns) == (1, DAY + S)


@pytest.mark.parametrize("wrong", [b"", b"not msgpack", b"\x90"])
def test_a_broken_snapshot_is_refused(wrong):
    with pytest.raises(InvalidSnapshot):
        WindowBank.restore(wrong)


WITHOUT_KERNEL = """
import sys
from fluxdesk.analytics.windows.bank import WindowBank
from fluxdesk.native import kernel
assert kernel() is None
bank = WindowBank.restore(sys.stdin.buffer.read())
bank.add([("Mint", bank.watermark_ns + 1, 2.0, 2**70, 5, True, "A"), ("Mint", bank.watermark_ns, 3.0, 1, 5, 0, "C")])
sys.stdout.buffer.write(bank.snapshot())
"""


def test_a_bank_moves_between_kernel_and_fallback_without_a_difference():
    bank = WindowBank()
    bank.add([trade(DAY, trader="A"), trade(DAY + S, trader="B", is_buy=False)])
    taken = bank.snapshot()
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_KERNEL],
        input=taken,
        capture_output=True,
        env={**os.environ, "FLUXDESK_NO_KERNEL": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()
    bank.add([trade(DAY + S + 1, price=2.0, base=2**70, quote=5, trader="A"),
              trade(DAY + S, price=3.0, base=1, quote=5, trader="C", is_buy=False)])  # fmt: skip
    moved = WindowBank.restore(done.stdout)
    assert moved.live_bars("Mint") == bank.live_bars("Mint")
    assert moved.rolling("Mint") == bank.rolling("Mint") == Rolling(210, 2, 2, 1)
