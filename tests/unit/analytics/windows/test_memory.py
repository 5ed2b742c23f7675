"""The engine forgets what is over: memory follows what is live, not what was."""

from fluxdesk.analytics.windows.bank import WindowBank
from fluxdesk.analytics.windows.kernel import KernelEngine
from fluxdesk.analytics.windows.records import EVENT, SNAPSHOT

S = 1_000_000_000
START = 1_700_000_000 * S


def _batch(start, tokens, seconds):
    """One trade of each token by its own wallet, spread over some seconds."""
    step = seconds * S // len(tokens)
    return b"".join(
        EVENT.pack(token, 1, start + i * step, 1.0, 1, 0, 1, 0, token + 1) for i, token in enumerate(tokens)
    )


def test_new_tokens_for_hours_take_no_more_memory_than_for_ten_minutes():
    engine = KernelEngine(10 * S)
    sizes = []
    for minute in range(120):
        tokens = range(minute * 500, minute * 500 + 500)
        engine.add(_batch(START + 60 * minute * S, tokens, 60))
        sizes.append(engine.size_bytes())
    assert max(sizes[12:]) <= 1.05 * max(sizes[:12])


def test_after_ten_idle_minutes_nothing_is_left_in_the_state():
    engine = KernelEngine(10 * S)
    engine.add(_batch(START, range(2000), 60))
    engine.add(EVENT.pack(5, 1, START + 700 * S, 1.0, 1, 0, 1, 0, 1))
    *_, bars, buckets, members = SNAPSHOT.unpack_from(engine.snapshot())
    assert (bars, buckets, members) == (3, 1, 4)
    assert engine.bars(7) == b""


def test_the_bank_forgets_mints_and_wallets_that_nothing_live_names():
    bank, sizes = WindowBank(), []
    for minute in range(90):
        bank.add(
            (f"mint {minute} {i}", START + (60 * minute + i) * S, 1.0, 1, 1, True, f"wallet {minute} {i}")
            for i in range(60)
        )
        sizes.append(bank.size_bytes())
    assert max(sizes[30:]) <= 1.05 * max(sizes[:30])
