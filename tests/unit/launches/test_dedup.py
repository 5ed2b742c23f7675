"""One fact, once: across sources, across shapes, across what memory has forgotten."""

from collections.abc import Sequence

from fluxdesk.core.events import Kind, Raw, Row, Shape, Venue
from fluxdesk.launches.dedup import Dedup, Sifted

MS = 1_000_000


def raw(source: str = "logs A", mono_ms: int = 0, shape: Shape = Shape.SOLANA_LOGS, slot: int = 5) -> Raw:
    return Raw(source, "solana", shape, slot, 1_700_000_000 * 10**9, mono_ms * MS, b"{}")


def trade(signature: str | None = "sig", slot: int = 5, ordinal: int = 0) -> Row:
    return Row(kind=Kind.TRADE, venue=Venue.PUMPFUN, signature=signature, slot=slot, ordinal=ordinal)


def sift(dedup: Dedup, *deliveries: tuple[int, Raw, Row]) -> Sifted:
    return dedup.sift([(seq, one, [row]) for seq, one, row in deliveries])


def test_the_same_event_from_two_sources_is_one_fact_with_the_lead_of_the_first() -> None:
    dedup = Dedup()
    out = sift(dedup, (1, raw("logs A", 100), trade()), (2, raw("logs B", 140), trade()))
    assert [fact.seq for fact in out.facts] == [1]
    assert out.known == 1
    assert [(lead.first, lead.other, lead.lead_ns) for lead in out.leads] == [("logs A", "logs B", 40 * MS)]
    assert dedup.first_seen == {"logs A": 1}


def test_a_lead_goes_to_whoever_received_first_not_to_whoever_was_journalled_first() -> None:
    out = sift(Dedup(), (1, raw("logs A", 140), trade()), (2, raw("logs B", 100), trade()))
    assert [(lead.first, lead.lead_ns) for lead in out.leads] == [("logs B", 40 * MS)]


def test_a_third_source_and_a_repetition_of_the_first_race_no_more() -> None:
    dedup = Dedup()
    sift(dedup, (1, raw("logs A"), trade()), (2, raw("logs A", 5), trade()))
    out = sift(dedup, (3, raw("logs B", 9), trade()), (4, raw("logs C", 12), trade()))
    assert [lead.other for lead in out.leads] == ["logs B"]


def test_a_delivery_of_another_boot_is_no_race() -> None:
    out = sift(Dedup(), (1, raw("logs A", 0), trade()), (2, raw("logs B", 3_600_000), trade()))
    assert out.leads == []
    assert out.known == 1


def test_the_whole_transaction_after_its_logs_fills_the_fact_once() -> None:
    dedup = Dedup()
    sift(dedup, (1, raw(), trade()))
    out = sift(dedup, (2, raw("resolve", 9, Shape.SOLANA_TX), trade()), (3, raw("file", 9, Shape.SOLANA_TX), trade()))
    assert [(fact.seq, fact.fuller) for fact in out.facts] == [(2, True)]
    assert out.known == 2


def test_two_rows_of_one_transaction_are_two_facts() -> None:
    out = sift(Dedup(), (1, raw(), trade(ordinal=0)), (1, raw(), trade(ordinal=1)))
    assert len(out.facts) == 2


def test_the_same_signature_on_another_network_is_another_fact() -> None:
    other = Raw("evm A", "evm:1", Shape.EVM_LOG, 5, 0, 0, b"{}")
    assert len(sift(Dedup(), (1, raw(), trade()), (2, other, trade())).facts) == 2


def test_rows_without_a_transaction_id_always_pass() -> None:
    dedup = Dedup()
    assert len(sift(dedup, (1, raw(), trade(None)), (2, raw(), trade(None))).facts) == 2


def test_what_memory_forgot_is_asked_of_the_store_and_only_that() -> None:
    asked: list[list[str | None]] = []

    def known(network: str, rows: Sequence[Row]) -> list[bool]:
        asked.append([row.signature for row in rows])
        return [row.signature == "s0" for row in rows]

    dedup = Dedup(known, capacity=8)
    for n in range(20):
        sift(dedup, (n + 1, raw(slot=n), trade(f"s{n}", slot=n)))
    assert asked == []
    out = sift(dedup, (30, raw(slot=0), trade("s0", slot=0)), (31, raw(slot=1), trade("never seen", slot=1)))
    assert [fact.row.signature for fact in out.facts] == ["never seen"]
    assert asked == [["s0", "never seen"]]
    sift(dedup, (32, raw(slot=40), trade("new", slot=40)))
    assert len(asked) == 1


def test_after_a_restart_facts_at_or_below_the_stored_slot_are_asked_for() -> None:
    dedup = Dedup(lambda network, rows: [True] * len(rows))
    dedup.remembered_up_to("solana", 100)
    out = sift(dedup, (1, raw(slot=100), trade("old", slot=100)), (2, raw(slot=101), trade("new", slot=101)))
    assert [fact.row.signature for fact in out.facts] == ["new"]
    assert out.known == 1


def test_a_stored_fact_that_comes_again_whole_may_still_fill_it() -> None:
    dedup = Dedup(lambda network, rows: [True] * len(rows))
    dedup.remembered_up_to("solana", 100)
    out = sift(dedup, (1, raw("resolve", 0, Shape.SOLANA_TX, 50), trade("old", slot=50)))
    assert [(fact.row.signature, fact.fuller) for fact in out.facts] == [("old", True)]
