"""One run of a program gives the same rows in every shape it can be met in."""

import msgspec
import pytest

from fluxdesk.core.events import Kind, Provenance, Raw, Row, Shape, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import WSOL, DecodeContext
from fluxdesk.launches.decode import decode_raw
from ledger import ED25519, ROUTER, SYSTEM, Ledger, Node, address, call, event, key, rows

USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"


def pump_buy(n: int = 0, **values: object) -> Node:
    amounts = {
        "sol_amount": 1_000 + n,
        "token_amount": 2_000 + n,
        "is_buy": True,
        "user": key("trader"),
        "mint": key("mint"),
    }
    reserves = {"virtual_sol_reserves": 30_000, "virtual_token_reserves": 1_000_000, "real_token_reserves": 700_000}
    payload = event(Venue.PUMPFUN, "TradeEvent", **(amounts | reserves | {"fee": 95, "creator_fee": 5} | values))
    return call(Venue.PUMPFUN, "buy", [payload], accounts={"mint": address("mint"), "bonding_curve": address("curve")})


def same_fact(row: Row) -> Row:
    """Without what a shape cannot know: logs hold no accounts, and say where they were read."""
    return msgspec.structs.replace(row, provenance=None, token_program=None, state=None, pool=None, block_time=None)


def test_every_shape_of_a_whole_transaction_gives_the_same_rows() -> None:
    ledger = Ledger([Node(SYSTEM), Node(ROUTER, children=[pump_buy(), pump_buy(7)])])
    want = rows(ledger.rpc())
    assert [(r.kind, r.index, r.token_amount) for r in want] == [
        (Kind.TRADE, "1.0", 2_000),
        (Kind.TRADE, "1.2", 2_007),
    ]
    for shape in (
        ledger.wire(),
        ledger.wire(lookup=3),
        ledger.parsed(),
        ledger.block(),
        ledger.rpc(heights=False),
        [ledger.rpc()],
    ):
        assert rows(shape) == want
    assert rows(ledger.webhook()) == want
    assert rows({"jsonrpc": "2.0", "id": 1, "result": ledger.rpc()}) == want


def test_logs_alone_give_the_same_facts_with_their_own_provenance() -> None:
    ledger = Ledger([Node(SYSTEM), Node(ROUTER, children=[Node(SYSTEM), pump_buy()])])
    whole, logged = rows(ledger.rpc()), rows(ledger.notification())
    assert [same_fact(r) for r in logged] == [same_fact(r) for r in whole]
    assert [r.key() for r in logged] == [r.key() for r in whole]
    assert (whole[0].provenance, logged[0].provenance) == (Provenance.EVENT_CPI, Provenance.EVENT_LOG)


def test_an_event_in_logs_and_as_self_cpi_counts_once() -> None:
    for in_logs, in_cpi in ((True, True), (True, False), (False, True)):
        buy = pump_buy()
        buy.in_logs, buy.in_cpi = in_logs, in_cpi
        assert [r.token_amount for r in rows(Ledger([buy]).rpc())] == [2_000]


def test_a_precompile_logs_nothing_and_does_not_shift_the_events_of_a_whole_transaction() -> None:
    buy = pump_buy()
    buy.in_cpi = False
    ledger = Ledger([Node(ED25519), buy])
    (row,) = rows(ledger.rpc())
    assert (row.index, row.provenance) == ("1", Provenance.EVENT_LOG)


def test_facts_keep_their_key_when_a_precompile_shifts_the_positions_counted_from_logs() -> None:
    ledger = Ledger([Node(ED25519), pump_buy()])
    (whole,), (logged,) = rows(ledger.rpc()), rows(ledger.notification())
    assert (whole.index, logged.index) == ("1", "0")
    assert whole.key() == logged.key()


def test_truncated_logs_keep_what_stands_before_the_cut_and_say_the_rest_is_missing() -> None:
    ledger = Ledger([pump_buy(), pump_buy(1)])
    cut = ledger.logs.index(next(x for x in ledger.logs if x.startswith("Program data: "))) + 1
    logs = [*ledger.logs[:cut], "Log truncated", *ledger.logs[-1:]]
    got = rows({"signature": "s", "err": None, "logs": logs})
    assert [(r.kind, r.reason) for r in got] == [(Kind.TRADE, None), (Kind.UNKNOWN, Reason.LOGS_TRUNCATED)]


def test_truncated_logs_do_not_matter_when_the_self_cpis_are_there() -> None:
    ledger = Ledger([pump_buy(), pump_buy(1)], truncate_at=3)
    assert [r.token_amount for r in rows(ledger.rpc())] == [2_000, 2_001]


def test_without_self_cpis_truncation_is_said_for_the_whole_transaction_too() -> None:
    first, second = pump_buy(), pump_buy(1)
    first.in_cpi = second.in_cpi = False
    ledger = Ledger([first, second])
    ledger.logs = [*ledger.logs[:5], "Log truncated"]
    got = rows(ledger.rpc())
    assert [r.kind for r in got] == [Kind.TRADE, Kind.UNKNOWN]
    assert got[-1].reason is Reason.LOGS_TRUNCATED


def test_a_program_cannot_speak_for_another_one_through_its_own_log_text() -> None:
    liar = Node(
        ROUTER,
        events=pump_buy().events,
        in_cpi=False,
        name="Buy\nProgram 6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P invoke [2]",
    )
    for shape in (Ledger([liar]).notification(), Ledger([liar]).rpc()):
        (row,) = rows(shape)
        assert (row.kind, row.reason) == (Kind.UNKNOWN, Reason.NO_KNOWN_PROGRAM)


def test_the_same_discriminator_is_read_by_the_program_that_stated_it() -> None:
    amounts = {"amount_in": 50, "amount_out": 70, "total_base_sell": 10, "virtual_base": 20, "virtual_quote": 5}
    lab = call(Venue.RAYDIUM_LAUNCHLAB, "buy_exact_in", [event(Venue.RAYDIUM_LAUNCHLAB, "TradeEvent", **amounts)])
    got = rows(Ledger([Node(ROUTER, children=[lab, pump_buy()])]).notification())
    assert [(r.venue, r.token_amount, r.quote_amount) for r in got] == [
        (Venue.RAYDIUM_LAUNCHLAB, 70, 50),
        (Venue.PUMPFUN, 2_000, 1_000),
    ]


@pytest.mark.parametrize("shape", ["rpc", "wire", "parsed", "webhook", "notification", "block"])
def test_a_failed_transaction_is_one_refusal(shape: str) -> None:
    ledger = Ledger([pump_buy(), pump_buy()], err={"InstructionError": [0, {"Custom": 1}]})
    (row,) = rows(getattr(ledger, shape)())
    assert (row.kind, row.reason, row.signature) == (Kind.REFUSED, Reason.TRANSACTION_FAILED, ledger.signature)


def test_a_transaction_of_other_programs_is_one_unknown_row() -> None:
    (row,) = rows(Ledger([Node(SYSTEM), Node(ROUTER)]).rpc())
    assert (row.kind, row.reason, row.venue) == (Kind.UNKNOWN, Reason.NO_KNOWN_PROGRAM, None)


def test_without_an_execution_result_nothing_is_said_to_have_happened() -> None:
    shred = Ledger([pump_buy()]).rpc()
    shred["meta"] = None
    (row,) = rows(shred)
    assert (row.kind, row.reason, row.token_amount) == (Kind.UNKNOWN, Reason.NO_EXECUTION_RESULT, None)


def test_unresolved_lookup_tables_are_said() -> None:
    broken = Ledger([pump_buy()]).wire(lookup=12)
    broken["meta"]["loadedAddresses"] = None
    (row,) = rows(broken)
    assert (row.kind, row.reason) == (Kind.UNKNOWN, Reason.LOOKUP_TABLES_UNRESOLVED)


def test_a_negative_account_index_is_malformed_and_not_the_last_account() -> None:
    bad = Ledger([pump_buy()]).rpc()
    bad["transaction"]["message"]["instructions"][0]["accounts"][3] = -1
    (row,) = rows(bad)
    assert (row.kind, row.reason) == (Kind.REFUSED, Reason.MALFORMED_TRANSACTION)


@pytest.mark.parametrize("bad", [[], {}, None, 3])
def test_an_account_of_a_webhook_that_is_no_text_is_malformed(bad: object) -> None:
    broken = Ledger([pump_buy()]).webhook()
    for at in range(1, len(broken["instructions"][0]["accounts"])):
        broken["instructions"][0]["accounts"][at] = bad
    (row,) = rows(broken)
    assert (row.kind, row.reason) == (Kind.REFUSED, Reason.MALFORMED_TRANSACTION)


def test_an_unknown_instruction_or_event_is_said_beside_what_is_known() -> None:
    strange = Node(pump_buy().program, b"\x01" * 8, name="Surprise", events=[b"\x02" * 40])
    got = rows(Ledger([pump_buy(), strange]).rpc())
    assert [(r.kind, r.reason, r.index) for r in got] == [
        (Kind.TRADE, None, "0"),
        (Kind.UNKNOWN, Reason.UNKNOWN_EVENT, "1"),
    ]
    strange.events = []
    assert rows(Ledger([strange]).rpc())[0].reason is Reason.UNKNOWN_INSTRUCTION


def test_a_known_instruction_without_market_meaning_is_one_row_only_when_it_is_all_there_is() -> None:
    upkeep = call(Venue.PUMPFUN, "collect_creator_fee", [])
    (alone,) = rows(Ledger([upkeep]).rpc())
    assert (alone.kind, alone.reason, alone.venue) == (Kind.UNKNOWN, Reason.NO_MARKET_EVENT, Venue.PUMPFUN)
    assert [r.kind for r in rows(Ledger([upkeep, pump_buy()]).rpc())] == [Kind.TRADE]


def test_a_market_instruction_whose_event_is_missing_is_unknown_and_not_zero() -> None:
    buy = pump_buy()
    buy.events = []
    (row,) = rows(Ledger([buy]).rpc())
    assert (row.kind, row.reason, row.quote_amount) == (Kind.UNKNOWN, Reason.EVENT_MISSING, None)


def test_raw_bytes_that_are_no_json_become_a_refusal() -> None:
    raw = Raw(source="s", network="solana", shape=Shape.AUTO, slot=5, wall_ns=0, mono_ns=0, payload=b"{nonsense")
    (row,) = decode_raw(raw, DecodeContext())
    assert (row.kind, row.slot) == (Kind.REFUSED, 5)


def test_a_trade_quoted_in_usdc_takes_the_quote_fields() -> None:
    buy = pump_buy(
        sol_amount=0, virtual_sol_reserves=0, quote_mint=b58(USDC), quote_amount=3_517_192, virtual_quote_reserves=44
    )
    (row,) = rows(Ledger([buy]).rpc())
    assert (row.quote_mint, row.quote_amount, row.side) == (USDC, 3_517_192, Side.BUY)
    assert row.fees is not None
    assert {f.mint for f in row.fees} == {USDC}


def test_the_zero_key_as_quote_means_sol() -> None:
    (row,) = rows(Ledger([pump_buy(quote_mint=bytes(32), quote_amount=9)]).rpc())
    assert (row.quote_mint, row.quote_amount) == (WSOL, 1_000)


def b58(text: str) -> bytes:
    from fluxdesk.native.base58 import b58decode

    return b58decode(text)


def test_inner_calls_that_were_not_recorded_are_read_from_the_logs() -> None:
    ledger = Ledger([Node(ED25519), Node(ROUTER, children=[Node(SYSTEM), pump_buy(), pump_buy(7)]), pump_buy(9)])
    whole = rows(ledger.rpc())
    assert [same_fact(r) for r in rows(ledger.rpc(inner=False))] == [same_fact(r) for r in whole]
    assert [r.index for r in whole] == ["1.1", "1.3", "2"]


def test_unrecorded_inner_calls_behind_a_cut_are_said_to_be_missing() -> None:
    ledger = Ledger([Node(ROUTER, children=[Node(SYSTEM), pump_buy()])], truncate_at=3)
    (row,) = rows(ledger.rpc(inner=False))
    assert (row.kind, row.reason) == (Kind.UNKNOWN, Reason.LOGS_TRUNCATED)


def test_a_program_that_calls_itself_keeps_its_events_apart_even_without_stack_heights() -> None:
    outer = pump_buy()
    outer.children = [pump_buy(7)]
    ledger = Ledger([outer])
    for shape in (ledger.rpc(), ledger.rpc(heights=False), ledger.notification()):
        assert [(r.index, r.token_amount) for r in rows(shape)] == [("0", 2_000), ("0.0", 2_007)]


def test_logs_cut_at_any_line_state_a_prefix_of_the_facts_and_never_another_one() -> None:
    ledger = Ledger(
        [Node(SYSTEM), Node(ROUTER, children=[pump_buy(), Node(ROUTER, children=[pump_buy(1)])]), pump_buy(2)]
    )
    facts = [(r.index, r.token_amount) for r in rows(ledger.notification())]
    for cut in range(len(ledger.logs)):
        note = {"signature": ledger.signature, "err": None, "logs": [*ledger.logs[:cut], "Log truncated"]}
        *stated, said = rows(note)
        assert [(r.index, r.token_amount) for r in stated if r.kind is Kind.TRADE] == facts[: len(stated)]
        assert said.reason is Reason.LOGS_TRUNCATED
        whole = ledger.rpc()
        whole["meta"]["logMessages"] = note["logs"]
        assert rows(whole) == rows(ledger.rpc())


def test_the_older_way_to_say_that_a_transaction_failed_is_understood() -> None:
    tx = Ledger([pump_buy()]).rpc()
    tx["meta"] |= {"err": None, "status": {"Err": {"InstructionError": [0, {"Custom": 6002}]}}}
    (row,) = rows(tx)
    assert (row.kind, row.reason) == (Kind.REFUSED, Reason.TRANSACTION_FAILED)


@pytest.mark.parametrize(("stated", "slot"), [("100", 100), (1e30, None), (-1, None), (1 << 70, None), ("1e3", None)])
def test_a_slot_is_a_count_or_unknown(stated: object, slot: int | None) -> None:
    tx = Ledger([pump_buy()]).rpc()
    tx["slot"] = stated
    assert [r.slot for r in rows(tx)] == [slot]


def test_a_block_asked_for_without_its_instructions_holds_nothing_to_decode() -> None:
    ledger = Ledger([pump_buy()])
    entry = {"transaction": {"accountKeys": [], "signatures": [ledger.signature]}, "meta": {"err": None}}
    block = {"blockhash": SYSTEM, "parentSlot": 99, "transactions": [entry]}
    assert rows(block) == []
    assert rows({"blockhash": SYSTEM, "parentSlot": 99, "signatures": [ledger.signature]}) == []


def test_logs_that_end_in_a_failure_are_a_failed_transaction_even_without_an_error_beside_them() -> None:
    ledger = Ledger([pump_buy()])
    failed = [*ledger.logs[:-1], f"Program {pump_buy().program} failed: custom program error: 0x1"]
    (row,) = rows({"signature": "s", "err": None, "logs": failed})
    assert (row.kind, row.reason) == (Kind.REFUSED, Reason.TRANSACTION_FAILED)
    said = [*ledger.logs, "Program log: Program x failed: only a text"]
    assert [r.kind for r in rows({"signature": "s", "err": None, "logs": said})] == [Kind.TRADE]
