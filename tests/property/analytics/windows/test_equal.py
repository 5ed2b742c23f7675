"""Kernel, NumPy fallback and the plain Python loop give the same bars, late events and rolling figures."""

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.plain_windows import PlainWindows, values
from fluxdesk.analytics.windows.fallback import NumpyEngine
from fluxdesk.analytics.windows.kernel import KernelEngine
from fluxdesk.analytics.windows.records import EVENT, MEMBER, SNAPSHOT, WORD, Changes, read_bars

S = 1_000_000_000
TOKENS = (0, 1, 2**31 - 1)

amounts = st.one_of(
    st.sampled_from([0, 1, 2**63, 2**64 - 1, 2**64, 2**128 - 1]), st.integers(0, 2**64 - 1), st.integers(0, 2**128 - 1)
)
prices = st.one_of(
    st.floats(min_value=1e-12, max_value=1e12),
    st.sampled_from([1.0, 5e-324, 1.7976931348623157e308, 0.0, -0.0, -1.0, float("inf"), float("-inf"), float("nan")]),
)
moves = st.one_of(
    st.sampled_from([0, 0, 1, S - 1, S, -1, -S]),
    st.integers(-3 * S, 3 * S),
    st.integers(-40 * S, 60 * S),
    st.integers(-700 * S, 700 * S),
)
event = st.tuples(
    st.sampled_from(TOKENS),
    moves,
    prices,
    amounts,
    amounts,
    st.booleans(),
    st.sampled_from([0, 1, 2, 3, 2**32 + 1, 2**64 - 1]),
)
streams = st.lists(st.lists(event, max_size=25), min_size=1, max_size=8)
latenesses = st.sampled_from([0, 1, S, 1_500_000_000, 10 * S, 30 * S])
starts = st.sampled_from([0, 299 * S, 1_700_000_099 * S, 2**32 * S - 2000 * S])


def placed(stream, start):
    """Turns moves into times, which wander and stay in range."""
    time, batches = start, []
    for batch in stream:
        events = []
        for token, move, *rest in batch:
            time = min(max(time + move, 0), 2**32 * S - 1)
            events.append((token, time, *rest))
        batches.append(events)
    return batches


def packed(events):
    return b"".join(
        EVENT.pack(token, buy, time, price, base & WORD, base >> 64, quote & WORD, quote >> 64, trader)
        for token, time, price, base, quote, buy, trader in events
    )


def ordered(bars):
    return sorted(bars, key=lambda bar: (bar.interval, bar.start_ns, bar.token))


def canonical(snapshot):
    """A snapshot with its records in order: what must be equal for two engines to go on equally."""
    *_, bars, buckets, members = SNAPSHOT.unpack_from(snapshot)
    at = SNAPSHOT.size
    parts = [snapshot[:at]]
    for count, size in ((bars, 144), (buckets, 56), (members, MEMBER.size)):
        parts.append(sorted(snapshot[at + i * size : at + (i + 1) * size] for i in range(count)))
        at += count * size
    return parts


@settings(deadline=None)
@given(streams, latenesses, starts, st.data())
def test_the_three_implementations_agree_after_every_batch_and_across_restarts(stream, lateness, start, data):
    plain, kernel, numpy = PlainWindows(lateness), KernelEngine(lateness), NumpyEngine(lateness)
    for events in placed(stream, start):
        changed, late = plain.add(events)
        expected = ordered(values(changed))
        for engine in (kernel, numpy):
            changes = Changes(engine.add(packed(events)))
            assert ordered(changes.bars()) == expected
            assert list(changes.late()) == late
            assert changes.watermark_ns == plain.watermark
        for token in TOKENS:
            bars = ordered(plain.live_bars(token))
            for now in (0, plain.watermark + 5 * S, plain.watermark + 299 * S):
                rolling = plain.rolling(token, now)
                assert kernel.rolling(token, now) == rolling
                assert numpy.rolling(token, now) == rolling
            assert ordered(read_bars(kernel.bars(token))) == bars
            assert ordered(read_bars(numpy.bars(token))) == bars
        assert canonical(kernel.snapshot()) == canonical(numpy.snapshot())
        if data.draw(st.booleans(), "restart here"):
            kernel, numpy = KernelEngine.restore(numpy.snapshot()), NumpyEngine.restore(kernel.snapshot())


@settings(deadline=None)
@given(streams, latenesses, starts, st.integers(1, 30))
def test_how_the_stream_is_cut_into_batches_changes_nothing_but_when_things_are_said(stream, lateness, start, size):
    events = [one for batch in placed(stream, start) for one in batch]
    whole, cut = KernelEngine(lateness), KernelEngine(lateness)
    whole.add(packed(events))
    for at in range(0, len(events), size):
        cut.add(packed(events[at : at + size]))
    assert canonical(whole.snapshot()) == canonical(cut.snapshot())


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32), st.integers(100, 1500))
def test_many_tokens_and_wallets_agree_while_tables_grow_and_shrink(seed, tokens):
    from random import Random

    random = Random(seed)
    plain, kernel, numpy = PlainWindows(S), KernelEngine(S), NumpyEngine(S)
    time = 1_700_000_000 * S
    for _ in range(5):
        events = []
        for _ in range(400):
            time += random.choice((0, S // 50, S // 2))
            events.append(
                (random.randrange(tokens), time - random.choice((0, 0, S)), random.random(), random.getrandbits(64),
                 random.getrandbits(64), random.random() < 0.5, random.randrange(1, 300))
            )  # fmt: skip
        time += random.choice((0, 0, 200 * S, 700 * S))
        expected = ordered(values(plain.add(events)[0]))
        for engine in (kernel, numpy):
            assert ordered(Changes(engine.add(packed(events))).bars()) == expected
        assert canonical(kernel.snapshot()) == canonical(numpy.snapshot())
