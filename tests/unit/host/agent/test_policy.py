"""What a policy lets through, what it asks for and what it refuses."""

import pytest

from agents import ACCOUNT, CHAIN, ORIGIN, OTHER, SHOP, TOKEN, allowance, asked, reading, sends
from fluxdesk_host.agent.limits import DAY_MS, Ledger, Price, spends_of, worth
from fluxdesk_host.agent.policy import Amounts, Anomaly, Asked, Cap, Fiat, Policy, Sight, Verdict, decide
from fluxdesk_host.agent.standing import PolicyDamaged, Standing, load, pack, settle, write
from fluxdesk_host.signing.reading import Called, Effect, EffectKind, Fee, Reading

ALLOW, ASK, REFUSE = Verdict
NOTHING_SIGNED = Sight(0, Ledger(), {})


def verdict(policy: Policy, request: Asked, sight: Sight = NOTHING_SIGNED) -> Verdict:
    return decide(policy, request, sight).verdict


def one(**more: object) -> Policy:
    return Policy(allowances=(allowance(**more),))  # type: ignore[arg-type]


def after(*requests: Asked, at: int = 0, now: int = 0) -> Sight:
    ledger = Ledger()
    for request in requests:
        ledger.add(at, request.account, request.origin, request.chain, request.spends)
    return Sight(now, ledger, {})


def test_the_empty_policy_asks_for_everything() -> None:
    assert verdict(Policy(), asked(sends(("native", 1, SHOP)))) is ASK


def test_an_allowance_lets_through_what_it_names() -> None:
    assert decide(one(), asked(sends(("native", 100, SHOP))), NOTHING_SIGNED).allowance == "dca"


@pytest.mark.parametrize(
    "request_",
    [
        asked(sends(("native", 101, SHOP))),
        asked(sends(("native", 60, SHOP), ("native", 41, SHOP))),
        asked(sends(("native", 90, SHOP), fee=11)),
        asked(sends((TOKEN, 1, SHOP))),
        asked(sends(("native", 1, OTHER))),
        asked(sends(("native", None, SHOP))),
        asked(sends(("native", 1, SHOP), danger=3)),
        asked(sends(("native", 1, SHOP), complete=False)),
        asked(sends(("native", 1, SHOP)), origin="node:other"),
        asked(sends(("native", 1, SHOP)), proven=False),
        asked(sends(("native", 1, SHOP)))._replace(account="evm:0x" + "99" * 20),
        asked(sends(("native", 1, SHOP)))._replace(chain="eip155:137"),
        asked(sends(("native", 1, SHOP)))._replace(kind="evm_typed"),
        asked(reading([])),
        asked(reading([Effect(kind=EffectKind.UNKNOWN)])),
        asked(reading([Effect(kind=EffectKind.APPROVAL, asset="native", amount=1, spender=SHOP)])),
        asked(reading([Effect(kind=EffectKind.NATIVE_OUT, asset="native", amount=1)])),
        asked(
            reading(
                [Effect(kind=EffectKind.NATIVE_OUT, asset="native", amount=1, to=SHOP)],
                calls=(Called(place="0", target=OTHER),),
            )
        ),
        asked(
            reading(
                [Effect(kind=EffectKind.NATIVE_OUT, asset="native", amount=1, to=SHOP)],
                calls=(Called(place="0", target=None),),
            )
        ),
    ],
    ids=[
        "too-much", "in-two-parts", "with-its-fee", "another-token", "another-recipient", "no-amount", "danger",
        "unread", "another-origin", "unproven", "another-account", "another-chain", "another-kind", "nothing-known",
        "unknown", "another-method", "no-recipient", "a-contract-not-listed", "a-hidden-target",
    ],
)  # fmt: skip
def test_what_no_allowance_covers_asks(request_: Asked) -> None:
    assert verdict(one(), request_) is ASK


def test_an_unlimited_or_least_amount_is_no_amount() -> None:
    for effect in (
        Effect(kind=EffectKind.TOKEN_OUT, asset=TOKEN, amount=2**256 - 1, to=SHOP, unlimited=True),
        Effect(kind=EffectKind.TOKEN_OUT, asset=TOKEN, amount=1, to=SHOP, bound="least"),
    ):
        assert verdict(one(assets={TOKEN: Amounts()}), asked(reading([effect]))) is ASK


def test_what_moves_inside_a_call_is_not_counted_twice() -> None:
    outer = Effect(kind=EffectKind.NATIVE_OUT, asset="native", amount=60, to=SHOP)
    inner = Effect(kind=EffectKind.NATIVE_OUT, asset="native", amount=60, to=SHOP, through=True)
    assert verdict(one(), asked(reading([outer, inner]))) is ALLOW


def test_the_fee_that_somebody_else_pays_is_not_counted() -> None:
    read = Reading(
        source="solana_transaction", sentence="", danger=1, complete=True, reasons=(), effects=(),
        fee=Fee(most=500, payer=OTHER),
    )  # fmt: skip
    assert spends_of(read, ACCOUNT) == ()


def test_many_small_sends_stop_at_the_days_limit() -> None:
    policy, ledger, allowed = one(), Ledger(), 0
    request = asked(sends(("native", 7, SHOP)))
    while decide(policy, request, Sight(allowed, ledger, {})).verdict is ALLOW:
        ledger.add(allowed, request.account, request.origin, request.chain, request.spends)
        allowed += 1
    assert allowed == 1000 // 7


def test_a_day_is_24_hours_and_not_a_date() -> None:
    full = after(*[asked(sends(("native", 100, SHOP)))] * 10)
    assert verdict(one(), asked(sends(("native", 1, SHOP))), full._replace(now=DAY_MS)) is ASK
    assert verdict(one(), asked(sends(("native", 1, SHOP))), full._replace(now=DAY_MS + 60_001)) is ALLOW


def test_what_the_user_approved_counts_as_well() -> None:
    big = asked(sends(("native", 950, OTHER)))
    assert verdict(one(), asked(sends(("native", 51, SHOP))), after(big)) is ASK
    assert verdict(one(), asked(sends(("native", 50, SHOP))), after(big)) is ALLOW


def test_limits_for_each_recipient_and_each_method() -> None:
    by_recipient = one(assets={"native": Amounts(per_recipient_day=10)}, recipients=(SHOP, OTHER))
    seen = after(asked(sends(("native", 10, SHOP))))
    assert verdict(by_recipient, asked(sends(("native", 1, SHOP))), seen) is ASK
    assert verdict(by_recipient, asked(sends(("native", 10, OTHER))), seen) is ALLOW
    by_method = one(assets={"native": Amounts(per_method_day=10)})
    assert verdict(by_method, asked(sends(("native", 1, SHOP))), seen) is ASK


def test_so_many_requests_a_day() -> None:
    assert (
        verdict(one(count_per_day=2), asked(sends(("native", 0, SHOP))), after(asked(sends()), asked(sends()))) is ASK
    )


def test_a_cap_refuses_even_what_would_be_asked_for() -> None:
    policy = Policy(caps=(Cap(asset="native", amounts=Amounts(per_day=100)),))
    assert verdict(policy, asked(sends(("native", 100, OTHER)), origin="https://x.test")) is ASK
    assert verdict(policy, asked(sends(("native", 101, OTHER)), origin="https://x.test")) is REFUSE
    assert verdict(policy, asked(sends(("native", None, OTHER)), origin="https://x.test")) is REFUSE


def test_a_cap_speaks_in_coins_where_the_chain_says_what_one_is() -> None:
    policy = Policy(caps=(Cap(chain=CHAIN, asset="native", amounts=Amounts(per_transaction=10**17)),))
    request = asked(sends(("native", 15 * 10**16, OTHER)))
    (said,) = decide(policy, request, NOTHING_SIGNED).reasons
    assert said == "Cap: 0.15 of the native coin in one request; the limit is 0.1 of the native coin."


def test_a_cap_for_all_origins_adds_them_up() -> None:
    policy = Policy(caps=(Cap(asset="native", amounts=Amounts(per_day=100)),))
    seen = after(asked(sends(("native", 60, SHOP)), origin="https://a.test"))
    assert verdict(policy, asked(sends(("native", 41, SHOP)), origin="https://b.test"), seen) is REFUSE
    single = Policy(caps=(Cap(asset="native", origin="https://b.test", amounts=Amounts(per_day=100)),))
    assert verdict(single, asked(sends(("native", 41, SHOP)), origin="https://b.test"), seen) is ASK


def test_a_new_recipient_asks_and_after_the_cool_down_does_not() -> None:
    policy = Policy(allowances=(allowance(recipients=None),), cooldown_s=3600)
    request = asked(sends(("native", 1, OTHER)))
    assert verdict(policy, request) is ASK
    assert verdict(policy, request, after(request, now=3_599_999)) is ASK
    assert verdict(policy, request, after(request, now=3_600_000)) is ALLOW


def test_too_many_in_a_minute_puts_the_allowance_on_hold() -> None:
    policy = Policy(allowances=(allowance(),), anomaly=Anomaly(count_per_minute=3))
    found = decide(policy, asked(sends(("native", 1, SHOP))), NOTHING_SIGNED._replace(in_last_minute=3))
    assert (found.verdict, found.hold) == (ASK, "dca")
    held = NOTHING_SIGNED._replace(held=frozenset({"dca"}))
    assert verdict(policy, asked(sends(("native", 1, SHOP))), held) is ASK


def test_an_amount_out_of_the_ordinary_puts_the_allowance_on_hold() -> None:
    policy = Policy(allowances=(allowance(),), anomaly=Anomaly(factor=3))
    seen = after(*[asked(sends(("native", 10, SHOP)))] * 5)
    assert verdict(policy, asked(sends(("native", 30, SHOP))), seen) is ALLOW
    assert decide(policy, asked(sends(("native", 31, SHOP))), seen).hold == "dca"


def test_above_an_amount_the_second_factor_is_needed() -> None:
    policy = Policy(allowances=(allowance(),), second_factor_above={"native": 50})
    assert decide(policy, asked(sends(("native", 51, SHOP))), NOTHING_SIGNED)[0::3] == (ASK, True)
    assert verdict(policy, asked(sends(("native", 50, SHOP)))) is ALLOW


def priced(amount: int, prices: dict[tuple[str, str], Price]) -> Asked:
    request = asked(sends(("native", amount, SHOP)))
    return request._replace(spends=worth(request.spends, prices, CHAIN))


def test_fiat_limits_hold_on_top_and_a_stale_or_missing_price_asks() -> None:
    policy = Policy(
        allowances=(allowance(),), fiat=Fiat(per_transaction_micro=2_000, per_day_micro=3_000, max_age_s=60)
    )
    prices = {(CHAIN, "native"): Price(1_000, 1, 0)}  # ten base units are worth 1,000 millionths
    fresh = NOTHING_SIGNED._replace(prices=prices)
    assert verdict(policy, priced(20, prices), fresh) is ALLOW
    assert verdict(policy, priced(21, prices), fresh) is ASK
    assert verdict(policy, priced(20, prices), fresh._replace(now=60_001)) is ASK
    assert verdict(policy, priced(20, {}), NOTHING_SIGNED) is ASK
    spent = after(priced(20, prices))._replace(prices=prices)
    assert verdict(policy, priced(10, prices), spent) is ALLOW
    assert verdict(policy, priced(11, prices), spent) is ASK


def test_a_price_of_nothing_does_not_lift_the_limits_in_base_units() -> None:
    policy = Policy(allowances=(allowance(),), fiat=Fiat(per_transaction_micro=1))
    prices = {(CHAIN, "native"): Price(0, 0, 0)}
    assert verdict(policy, priced(101, prices), NOTHING_SIGNED._replace(prices=prices)) is ASK


def test_the_emergency_stop_refuses_at_once_and_ends_after_the_delay() -> None:
    request = asked(sends(("native", 1, SHOP)))
    standing = Standing().changed(Policy(allowances=(allowance(),), loosen_delay_s=100), 0)
    assert standing.decide(request, NOTHING_SIGNED).verdict is ALLOW
    stopped = standing.stop()
    assert stopped.decide(request, NOTHING_SIGNED).verdict is REFUSE
    resumed = stopped.resume(1_000)
    assert resumed.decide(request, NOTHING_SIGNED._replace(now=100_999)).verdict is REFUSE
    assert resumed.decide(request, NOTHING_SIGNED._replace(now=101_000)).verdict is ALLOW
    assert resumed.stop().decide(request, NOTHING_SIGNED._replace(now=101_000)).verdict is REFUSE


def test_a_loosened_limit_waits_and_a_tightened_one_does_not() -> None:
    small, large = (one(assets={"native": Amounts(per_transaction=n)}) for n in (10, 1000))
    standing = Standing().changed(small, 0).changed(large, 0)
    request, day = asked(sends(("native", 500, SHOP))), 86_400_000
    assert standing.decide(request, NOTHING_SIGNED).verdict is ASK
    assert standing.decide(request, NOTHING_SIGNED._replace(now=day)).verdict is ALLOW
    tight = standing.changed(small, day)
    assert tight.decide(request, NOTHING_SIGNED._replace(now=day)).verdict is ASK


def test_after_the_days_sums_were_lost_everything_asks_for_a_day() -> None:
    standing = Standing().changed(one(), 0).ask_for_a_day(0)
    request = asked(sends(("native", 1, SHOP)))
    assert standing.decide(request, NOTHING_SIGNED).verdict is ASK
    assert standing.decide(request, NOTHING_SIGNED._replace(now=86_400_000)).verdict is ALLOW


def test_the_policy_file_comes_back_only_with_its_seal_and_its_digest(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path, key = tmp_path / "policy.json", b"k" * 32
    standing = Standing().changed(one(), 5).changed(Policy(), 7)
    content, digest = pack(standing, key)
    write(path, content)
    assert load(path, key, digest) == standing  # a crash before `settle` loses nothing
    assert path.exists()
    for wrong in (lambda: load(path, b"x" * 32, digest), lambda: load(path, key, "0" * 64)):
        with pytest.raises(PolicyDamaged):
            wrong()
    path.write_bytes(content.replace(b'"per_transaction":100', b'"per_transaction":999'))
    with pytest.raises(PolicyDamaged):
        load(path, key, digest)
    for damaged in (b"", b"[" * 100_000, b"\xff", content.replace(b'"seal":"', '"seal":"é'.encode()), content[:-1]):
        path.write_bytes(damaged)
        with pytest.raises(PolicyDamaged):
            load(path, key, digest)


def test_an_older_policy_file_put_back_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path, key = tmp_path / "policy.json", b"k" * 32
    loose, _ = pack(Standing().changed(one(), 0), key)
    content, digest = pack(Standing().changed(Policy(), 0), key)
    write(path, content)
    settle(path)
    path.write_bytes(loose)
    with pytest.raises(PolicyDamaged):
        load(path, key, digest)
    assert ORIGIN in loose.decode()
