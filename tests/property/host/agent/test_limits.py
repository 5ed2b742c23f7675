"""Limits hold under every sequence: sums fit a plain list, no splitting past a day's limit, loosening waits."""

from hypothesis import given
from hypothesis import strategies as st

from agents import ACCOUNT, CHAIN, ORIGIN, OTHER, SHOP, TOKEN, TurnedClocks, allowance, asked, sends
from fluxdesk_host.agent.audit import Spend
from fluxdesk_host.agent.clocks import AgentTime
from fluxdesk_host.agent.limits import BUCKET_MS, DAY_MS, Key, Ledger
from fluxdesk_host.agent.policy import Amounts, Cap, Policy, Sight, Verdict, decide
from fluxdesk_host.agent.standing import Standing

steps = st.integers(0, DAY_MS // 3)
assets = st.sampled_from(["native", TOKEN])
people = st.sampled_from([SHOP, OTHER])
spends = st.builds(
    Spend, asset=assets, method=st.sampled_from(["native_out", "approval"]), to=people, amount=st.integers(0, 10**30)
)
masks = st.builds(
    Key,
    st.sampled_from([None, ACCOUNT]),
    st.sampled_from([None, ORIGIN, "https://x.test"]),
    st.sampled_from([None, CHAIN]),
    st.sampled_from([None, "native", TOKEN]),
    st.sampled_from([None, "native_out", "approval"]),
    st.sampled_from([None, SHOP]),
)
maybe = st.none() | st.integers(0, 300)
amounts = st.builds(Amounts, maybe, maybe, maybe, maybe)
policies = st.builds(
    Policy,
    caps=st.lists(st.builds(Cap, asset=assets, amounts=amounts, origin=st.sampled_from(["*", ORIGIN])), max_size=2).map(
        tuple
    ),
    allowances=st.lists(
        st.builds(
            lambda a, b, r, c: allowance({"native": a, TOKEN: b}, recipients=r, count_per_day=c),
            amounts,
            amounts,
            st.sampled_from([None, (SHOP,), (SHOP, OTHER)]),
            st.none() | st.integers(0, 5),
        ),
        max_size=2,
    ).map(tuple),
    cooldown_s=st.integers(0, 3000),
    loosen_delay_s=st.integers(0, 5000),
    second_factor_above=st.dictionaries(assets, st.integers(0, 200), max_size=1),
)
requests = st.lists(st.tuples(assets, st.integers(0, 150) | st.none(), people), min_size=1, max_size=3).map(
    lambda moves: asked(sends(*moves))
)


def fits(mask: Key, full: Key) -> bool:
    return all(want is None or want == have for want, have in zip(mask, full, strict=True))


@given(st.lists(st.tuples(steps, st.sampled_from([ORIGIN, "https://x.test"]), st.lists(spends, max_size=3), masks)))
def test_a_days_sum_is_never_too_low_and_a_minute_too_high_at_most(
    events: list[tuple[int, str, list[Spend], Key]],
) -> None:
    ledger, plain, now = Ledger(), [], 0
    for passed, origin, spent, mask in events:
        now += passed
        ledger.add(now, ACCOUNT, origin, CHAIN, spent)
        plain += [(now, Key(ACCOUNT, origin, CHAIN, "#requests", "request", ""), 1)]
        plain += [(now, Key(ACCOUNT, origin, CHAIN, s.asset, s.method, s.to), s.amount or 0) for s in spent]
        least = sum(a for at, k, a in plain if fits(mask, k) and now - at <= DAY_MS)
        most = sum(a for at, k, a in plain if fits(mask, k) and now - at <= DAY_MS + BUCKET_MS)
        assert least <= ledger.total(now, mask) <= most


@given(st.lists(st.tuples(steps, st.lists(spends, max_size=2), masks), max_size=8), st.lists(spends, max_size=3), masks)
def test_what_is_taken_back_was_never_counted(
    before: list[tuple[int, list[Spend], Key]], last: list[Spend], mask: Key
) -> None:
    ledger, now = Ledger(), 0
    for passed, spent, seen in before:
        now += passed
        ledger.add(now, ACCOUNT, ORIGIN, CHAIN, spent)
        ledger.total(now, seen)
    sums = ledger.total(now, mask)
    ledger.add(now, ACCOUNT, ORIGIN, CHAIN, last)
    ledger.take_back(now, ACCOUNT, ORIGIN, CHAIN, last)
    assert ledger.total(now, mask) == sums


@given(
    st.integers(0, 500),
    st.lists(
        st.tuples(st.integers(0, DAY_MS // 10), st.lists(st.integers(0, 200), min_size=1, max_size=4)), max_size=40
    ),
)
def test_no_way_of_splitting_passes_a_days_limit(limit: int, tries: list[tuple[int, list[int]]]) -> None:
    policy = Policy(allowances=(allowance({"native": Amounts(per_day=limit)}),))
    ledger, signed, now = Ledger(), [], 0
    for passed, parts in tries:
        now += passed
        request = asked(sends(*(("native", part, SHOP) for part in parts)))
        if decide(policy, request, Sight(now, ledger, {})).verdict is Verdict.ALLOW:
            ledger.add(now, ACCOUNT, ORIGIN, CHAIN, request.spends)
            signed.append((now, sum(parts)))
    for end, _ in signed:
        assert sum(amount for at, amount in signed if end - DAY_MS <= at <= end) <= limit


@given(policies, policies, requests, st.integers(0, 10_000_000), st.lists(requests, max_size=3))
def test_a_new_policy_loosens_nothing_before_its_delay(
    old: Policy, new: Policy, request: object, later: int, done: list[object]
) -> None:
    ledger = Ledger()
    for earlier in done:
        ledger.add(0, ACCOUNT, ORIGIN, CHAIN, earlier.spends)  # type: ignore[attr-defined]
    standing = Standing().changed(old, 0).changed(new, 0)
    sight = Sight(later, ledger, {})
    together = standing.decide(request, sight)  # type: ignore[arg-type]
    alone_new = decide(new, request, sight)  # type: ignore[arg-type]
    alone_old = decide(old, request, sight)  # type: ignore[arg-type]
    assert together.verdict >= alone_new.verdict  # what it tightens, it tightens at once
    if later < old.loosen_delay_s * 1000:
        assert together.verdict == max(alone_new.verdict, alone_old.verdict)
        assert together.second_factor == (alone_new.second_factor or alone_old.second_factor)
    else:
        assert together[0:2] == alone_new[0:2]


@given(st.lists(st.tuples(policies, st.integers(0, 3_000_000)), min_size=2, max_size=5), requests)
def test_many_changes_in_a_row_do_not_shorten_the_wait(changes: list[tuple[Policy, int]], request: object) -> None:
    standing, now, was = Standing(), 0, []
    for policy, passed in changes:
        standing = standing.changed(policy, now)
        was = [(p, until if until is not None else now + p.loosen_delay_s * 1000) for p, until in was]
        was.append((policy, None))
        now += passed
        strict = [p for p, until in was if until is None or now < until]
        verdict = standing.decide(request, Sight(now, Ledger(), {})).verdict  # type: ignore[arg-type]
        assert verdict >= max(decide(p, request, Sight(now, Ledger(), {})).verdict for p in strict)  # type: ignore[arg-type]


turns = st.one_of(
    st.tuples(st.just("pass_"), st.integers(0, 10**9)),
    st.tuples(st.just("sleep"), st.integers(0, 10**9)),
    st.tuples(st.just("set_wall"), st.integers(0, 4 * 10**12)),
    st.tuples(st.just("reboot"), st.integers(-(10**9), 10**9)),
    st.tuples(st.just("restart"), st.just(0)),
)


@given(st.lists(turns))
def test_agent_time_never_runs_backwards_whatever_is_set(path: list[tuple[str, int]]) -> None:
    clocks = TurnedClocks()
    agent = AgentTime(clocks)
    for turn, ms in path:
        kept = agent.stamp()
        if turn in ("restart", "reboot"):
            if turn == "reboot":
                clocks.reboot(ms)
            agent = AgentTime(clocks)
            agent.go_on_from(kept)
        else:
            getattr(clocks, turn)(ms)
        passed = agent.now() - kept.agent
        assert passed >= 0
        if turn in ("set_wall", "restart"):
            assert passed == 0
        if turn in ("pass_", "sleep"):
            assert passed == ms
