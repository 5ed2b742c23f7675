"""Whatever the history says, an offer is within its bounds and a replacement is one."""

from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.chains.evm.fees import FeeAboveLimit, Fees, History, Speed, legacy, outbid, suggest

wei = st.integers(0, 10**13)
triples = st.lists(wei, min_size=3, max_size=3).map(sorted).map(tuple)
histories = st.builds(History, wei, st.lists(triples, max_size=20).map(tuple))  # type: ignore[arg-type]


@given(histories, st.sampled_from(Speed), st.none() | wei)
def test_an_offer_reaches_the_next_block_and_never_passes_the_limit(
    history: History, speed: Speed, limit: int | None
) -> None:
    try:
        fees = suggest(history, speed, limit)
    except FeeAboveLimit:
        assert limit is not None and history.next_base + 1 > limit
        return
    assert fees.tip is not None
    assert 1 <= fees.tip <= fees.most
    assert fees.most >= history.next_base + min(fees.tip, 1)
    assert limit is None or fees.most <= limit


@given(histories)
def test_faster_never_offers_less(history: History) -> None:
    tips = [suggest(history, speed).tip or 0 for speed in (Speed.SLOW, Speed.NORMAL, Speed.FAST)]
    assert tips == sorted(tips)


@given(histories, wei, wei, st.none() | wei)
def test_a_replacement_offers_a_tenth_more_in_both_fields(
    history: History, most: int, tip: int, limit: int | None
) -> None:
    old = Fees(max(most, tip), tip)
    try:
        new = outbid(old, suggest(history, Speed.FAST, limit), limit)
    except FeeAboveLimit:
        assert limit is not None
        return
    assert new.most * 10 >= old.most * 11 and (new.tip or 0) * 10 >= tip * 11
    assert new.most > old.most and (new.tip or 0) > tip and new.most >= (new.tip or 0)


def test_one_block_full_of_bribes_is_no_price() -> None:
    quiet, bribed = (1, 2, 3), (10**12, 10**12, 10**12)
    assert suggest(History(100, (quiet, bribed, quiet)), Speed.NORMAL) == Fees(202, 2)
    assert suggest(History(100, ((1, 2, 10**12),)), Speed.FAST).tip == 8


def test_a_chain_without_base_fee_has_a_price_only() -> None:
    assert legacy(7) == Fees(7, None)
    assert outbid(Fees(8, None), Fees(7, None)) == Fees(9, None)
