"""History, allowances, chains and forecasts in words: what they say, exactly, and what they do not claim to know."""

import base64
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from solders.hash import Hash
from solders.keypair import Keypair
from solders.message import Message
from solders.system_program import TransferParams, transfer
from solders.transaction import Transaction

from fluxdesk.core import wallet_views as w
from fluxdesk.core.chains import BadChain
from fluxdesk.desktop.approval import forecast as node_says
from fluxdesk.desktop.screens.settings import chain_lines
from fluxdesk.desktop.screens.wallet import allowances_rows, history_file, history_proof
from fluxdesk.desktop.screens.wallet import history_rows as rows
from fluxdesk.desktop.words import address_key
from fluxdesk_host.keys.evm_fields import EvmTransaction
from fluxdesk_host.keys.evm_tx import sign_evm_transaction
from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.signing.reading import Effect, EffectKind
from unit.desktop.test_wallet_words import reading, waits

ME, OTHER = "0x" + "a1" * 20, "0x" + "b2" * 20
TOKEN = "0x" + "c3" * 20
SOLANA = w.ChainView(
    id="solana:local", family="solana", name="Solana", symbol="SOL", decimals=9, test=True, added=False, endpoints=[]
)
EVM = w.ChainView(
    id="eip155:1", family="evm", name="Ethereum", symbol="ETH", decimals=18, test=False, added=False, endpoints=[]
)


def item(*moves: w.MoveView, **more: object) -> w.HistoryItem:
    values: dict[str, object] = {
        "tx": "0xabc", "block": 7, "time_s": 1_800_000_000, "ok": True, "fee_base": "21000", "changes": [],
        "moves": list(moves), "state": "final", "clock": "chain",
    }  # fmt: skip
    return w.HistoryItem(**(values | more))  # type: ignore[arg-type]


def move(asset: str, base: int, other: str | None = None, kind: str = "transfer") -> w.MoveView:
    return w.MoveView(kind=kind, asset=asset, change_base=str(base), other=other)  # type: ignore[arg-type]


def test_each_thing_that_moved_is_a_line_and_the_fee_is_none_of_them() -> None:
    found = rows.lines([item(move("native", -5, OTHER), move("native", -21, kind="fee"), move(TOKEN, 9))])
    assert [(n.direction, n.asset, n.amount, n.other) for n in found] == [
        ("out", "native", 5, OTHER),
        ("in", TOKEN, 9, ""),
    ]


def test_a_transaction_that_moved_nothing_is_still_a_line() -> None:
    (line,) = rows.lines([item(state="failed", ok=False)])
    assert (line.direction, line.amount, rows.state_word(line.item)) == ("none", None, "failed")


def test_what_the_chain_took_back_is_said_and_does_not_count() -> None:
    taken = item(move("native", -5), state="withdrawn")
    assert rows.state_word(taken) == "withdrawn"
    assert "never having happened" in rows.state_sentence(taken)
    assert not rows.counts(taken) and rows.counts(item(move("native", -5)))
    assert rows.fits(rows.lines([taken])[0], "failed", "", {}, {})


@given(st.integers(1, 2**256), st.integers(0, 30))
def test_amounts_are_exact_and_in_base_units_while_decimals_are_unknown(base: int, decimals: int) -> None:
    (line,) = rows.lines([item(move(TOKEN, -base))])
    said = rows.amount_words(line, {TOKEN: rows.Unit("T", decimals)}).replace(",", "")
    assert said[0] == "−"
    whole, _, part = said[1:].partition(".")
    assert int(whole + part.ljust(decimals, "0")) == base
    assert rows.amount_words(line, {}) == f"−{base:,} base units"


def test_a_name_that_a_spreadsheet_would_run_stays_text() -> None:
    (line,) = rows.lines([item(move(TOKEN, 5, OTHER))])
    units, names = {TOKEN: rows.Unit('=HYPERLINK("http://a")', 0)}, {OTHER: "@cmd\nnext"}
    text = history_file.table([line], EVM, ME, units, names)
    (read,) = csv.DictReader(io.StringIO(text))
    assert read["symbol"].startswith("'=") and read["counterparty_name"] == "'@cmd next"
    assert (read["amount"], read["amount_base"], read["time_utc"]) == ("5", "5", "2027-01-15T08:00:00Z")
    about = {
        row["column"]: row["definition"] for row in csv.DictReader(io.StringIO(history_file.definitions("", True)))
    }
    assert set(read) < set(about) and all(about[name] for name in read)


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        history_file.write(tmp_path / "no" / "out.csv", "a", "b")
    assert list(tmp_path.iterdir()) == []


def test_the_files_are_the_users_alone_and_follow_no_link(tmp_path: Path) -> None:
    other = tmp_path / "other"
    (tmp_path / ".out.csv.new").symlink_to(other)
    beside = history_file.write(tmp_path / "out.csv", "a", "b")
    assert [(tmp_path / "out.csv").stat().st_mode & 0o777, beside.stat().st_mode & 0o777] == [0o600, 0o600]
    assert not other.exists()


def signed() -> bytes:
    tx = EvmTransaction(
        type=2, chain_id=1, nonce=0, gas=21_000, to=bytes.fromhex(OTHER[2:]), value=5, max_fee=9, max_priority_fee=1
    )
    return sign_evm_transaction(Secret(bytearray(b"\x11" * 32)), tx)


def view(tx: str, raw: bytes, chain: w.ChainView = EVM) -> w.TxView:
    return w.TxView(
        chain=chain.id, tx=tx, block=1, block_hash="", time_s=None, raw_b64=base64.b64encode(raw).decode(), fields={}
    )


def test_bytes_are_held_against_the_hash_and_read() -> None:
    raw = signed()
    found = history_proof.proof(EVM, view("0x" + keccak256(raw).hex(), raw))
    assert found.raw == raw and found.reading is not None
    assert OTHER in found.reading.sentence.lower()
    assert history_proof.undecoded(found) == []


def test_another_transaction_than_the_one_named_is_not_shown_as_it() -> None:
    raw = signed()
    assert history_proof.proof(EVM, view("0x" + "00" * 32, raw)).raw == b""
    assert "nothing can be checked" in history_proof.proof(EVM, view("0x" + "00" * 32, b"")).checked


def test_a_solana_transaction_is_held_against_its_signature() -> None:
    key = Keypair()
    call = transfer(TransferParams(from_pubkey=key.pubkey(), to_pubkey=Keypair().pubkey(), lamports=5))
    made = Transaction([key], Message([call], key.pubkey()), Hash.default())
    found = history_proof.proof(SOLANA, view(str(made.signatures[0]), bytes(made), SOLANA))
    assert found.raw == bytes(made) and found.reading is not None
    other = history_proof.proof(SOLANA, view(str(Keypair().sign_message(b"x")), bytes(made), SOLANA))
    assert other.raw == b"" and "another signature" in other.checked


def allowance(**more: object) -> w.AllowanceView:
    values: dict[str, object] = {
        "owner": ME, "asset": TOKEN, "spender": OTHER, "amount_base": "250", "unlimited": False, "kind": "erc20",
        "held_base": "100",
    }  # fmt: skip
    return w.AllowanceView(**(values | more))  # type: ignore[arg-type]


def listed(*items: w.AllowanceView) -> list[allowances_rows.Row]:
    asset = w.AssetView(asset=TOKEN, symbol="T", decimals=0)
    found = w.AllowancesView(chain=EVM.id, account=ME, items=list(items), covers="", assets=[asset])
    return allowances_rows.rows(found, EVM, {})


def test_at_risk_is_what_is_there_and_at_most_what_may_be_taken() -> None:
    bounded, small, unknown, unlimited = (
        listed(one)[0]
        for one in (
            allowance(),
            allowance(amount_base="30"),
            allowance(held_base=None),
            allowance(unlimited=True, amount_base=str(2**256 - 1)),
        )
    )
    assert [allowances_rows.risk_words(row) for row in (bounded, small, unknown, unlimited)] == [
        "100", "30", "?", "100",
    ]  # fmt: skip
    assert "also what comes later" in allowances_rows.sentence(unlimited)


def test_a_spender_that_nobody_knows_is_unknown_and_one_of_the_list_has_its_name() -> None:
    stranger, permit2 = listed(
        allowance(unlimited=True), allowance(spender="0x000000000022D473030F116dDEE9F6B43aC78BA3")
    )
    assert allowances_rows.spender_words(stranger).startswith("unknown")
    assert allowances_rows.spender_words(permit2).startswith("Permit2")


def simulated(**more: object) -> w.SimulationView:
    values: dict[str, object] = {
        "chain": EVM.id, "done": True, "ok": True, "reason": "", "changes": [], "approvals": [], "owners": [],
        "fee_base": None, "units": None, "block": 5,
    }  # fmt: skip
    return w.SimulationView(**(values | more))  # type: ignore[arg-type]


def held(amount: str | None) -> w.BalancesView:
    token = w.TokenBalanceView(asset=TOKEN, standard="erc20", amount_base=amount, decimals=6, symbol="USDC")
    items = [w.BalanceView(account=ME, native_base="1", tokens=[token])]
    return w.BalancesView(chain=EVM.id, symbol="ETH", decimals=18, items=items)


PERMIT = Effect(kind=EffectKind.PERMIT, asset=f"token:{TOKEN}", source=ME, spender=OTHER, unlimited=True)


def test_an_unlimited_permit_puts_all_that_is_held_at_risk() -> None:
    asked = waits(reading(PERMIT), kind="evm_typed")
    found = node_says.put(asked, EVM, None, held("12480000000"))
    assert [(n.words, n.note) for n in found.lines] == [("▼ −12,480 USDC", "all of it, and what comes later")]
    assert found.names == {address_key(TOKEN): "USDC"}
    unknown = node_says.put(asked, EVM, None, held(None))
    assert unknown.lines[0].note == "the balance is unknown" and unknown.lines[0].tone == "warn"


def test_a_delegate_of_a_token_account_puts_at_risk_what_is_in_that_account() -> None:
    mint, mine, there = (str(Keypair().pubkey()) for _ in range(3))
    lets = Effect(kind=EffectKind.APPROVAL, asset=f"spl:{mint}", source=there, spender=mine, amount=7_000_000)
    accounts = [
        w.TokenAccountView(address=a, amount_base=n, frozen=False) for a, n in ((mine, "9"), (there, "5000000"))
    ]
    token = w.TokenBalanceView(
        asset=mint, standard="spl", amount_base="5000009", decimals=6, symbol="USDC", accounts=accounts
    )
    found = w.BalancesView(
        chain=SOLANA.id, symbol="SOL", decimals=9,
        items=[w.BalanceView(account=mine, native_base="1", tokens=[token])],
    )  # fmt: skip
    asked = waits(reading(lets), kind="solana_tx", chain=SOLANA.id, account=f"solana:{mine}")
    forecast = node_says.put(asked, SOLANA, simulated(chain=SOLANA.id), found)
    assert ("▼ −5 USDC", "all of it") in [(n.words, n.note) for n in forecast.lines]


def test_a_simulation_that_could_not_be_done_is_unknown_and_never_harmless() -> None:
    found = node_says.put(waits(reading()), EVM, simulated(done=False, ok=None, reason="away"), None)
    assert (found.outcome, found.lines[0].tone) == ("unknown", "warn")
    parts = node_says.put(waits(reading()), EVM, simulated(changes=None, approvals=None, owners=None), None)
    assert sum("unknown" in line.words for line in parts.lines) == 3


def test_what_a_simulation_gives_away_beside_the_bytes_stands_first() -> None:
    given_away = w.ApprovalView(owner=ME, asset=TOKEN, spender=OTHER, amount_base=str(2**256 - 1), unlimited=True)
    gained = w.ChangeView(account=ME, asset="native", change_base=str(10**18))
    found = node_says.put(
        waits(reading()), EVM, simulated(changes=[gained], approvals=[given_away], fee_base=str(10**15)), None
    )
    assert found.lines[0].words.startswith("Lets 0xb2b2") and found.lines[0].tone == "warn"
    assert "▲ +1 ETH" in [line.words for line in found.lines]


def test_chains_join_saved_lines_with_what_the_node_found_and_show_no_key() -> None:
    good = w.EndpointView(shown="https://one.example/…", state="good", latency_ms=4, head=9)
    there = w.ChainView(id="eip155:1", family="evm", name="Ethereum", symbol="ETH", decimals=18, test=False,
                        added=False, endpoints=[good])  # fmt: skip
    lines = ("eip155:1 https://one.example/secretkey", "eip155:100 https://two.example", "eip155:1 not a url")
    found = {row.id: row for row in chain_lines.rows(("100 Gnosis xDAI",), lines, (there,))}
    first, bad = found["eip155:1"].endpoints
    assert (first.found, first.line) == (good, lines[0])
    assert chain_lines.state_words(first) == "answers · 4 ms · at 9"
    assert "secretkey" not in first.shown and bad.shown == "an address that cannot be used"
    assert chain_lines.state_words(found["eip155:100"].endpoints[0]) == "used when the node restarts"
    assert found["eip155:137"].endpoints == ()


def test_a_chain_cannot_pass_for_another_added_one() -> None:
    assert chain_lines.chain_line("5001", "Mine", "M", True, ())[0] == "5001 Mine M test"
    with pytest.raises(BadChain):
        chain_lines.chain_line("101", "gnosis", "X", False, ("100 Gnosis xDAI",))
