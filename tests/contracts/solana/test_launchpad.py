"""The practice launchpad: to the unit what the model says, in bytes our decoder reads, and refused where people own
things.
"""

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from contracts.solana.attacks import fewer, more, readonly, refused, swapped, unsigned, with_data
from contracts.solana.pad import PAD, RATES, Pad, events
from contracts.solana.stage import SOL, SPL_TOKEN, START, TOKEN_2022, Failed
from fluxdesk.chains.solana.programs import launchpad
from fluxdesk.chains.solana.programs.launchpad import Error
from fluxdesk.chains.solana.programs.practice import NotPractice, launchpad_program
from fluxdesk.core.chains import TABLE
from fluxdesk.core.curves import pumpfun
from fluxdesk.core.curves.integers import CurveError, NotEnoughLiquidity, Overflow, ZeroAmount
from fluxdesk.core.events import Raw, Shape, Venue
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.decode import decode_raw
from fluxdesk.launches.layout_encode import event_writer
from fluxdesk.launches.practice.programs import PUMP

NONE = bytes(32)
LAST = 2**64 - 1
USER, CURVE, VAULT, WALLET, RECIPIENT, CREATOR, MINT, TOKEN, SYSTEM_AT = range(9)


@pytest.fixture
def pad() -> Pad:
    return Pad()


def rows(said: Any, slot: int = 1) -> list[Any]:
    """What the decoder of the launch feed makes of a transaction's own log lines."""
    value = {"signature": "1" * 64, "err": None, "logs": said.logs(), "slot": slot}
    raw = Raw("logs", "solana", Shape.SOLANA_LOGS, slot, 0, 0, json.dumps(value).encode())
    return decode_raw(raw, DecodeContext())


# -- events -------------------------------------------------------------------------------------------


def test_a_launch_is_said_in_pump_funs_bytes(pad: Pad) -> None:
    writer = event_writer(Venue.PUMPFUN, "CreateEvent", "is_holder_reward")
    assert events(pad.said) == [
        writer.write(
            {
                "name": "Practice", "symbol": "PRAC", "uri": "practice:metadata", "mint": bytes(pad.mint),
                "bonding_curve": bytes(pad.curve), "user": bytes(pad.creator.pubkey()),
                "creator": bytes(pad.creator.pubkey()), "timestamp": START,
                "virtual_token_reserves": 1_073_000_000_000_000, "virtual_sol_reserves": 30 * SOL,
                "real_token_reserves": 793_100_000_000_000, "token_total_supply": 10**15,
                "token_program": bytes(SPL_TOKEN), "is_mayhem_mode": False, "is_cashback_enabled": False,
                "quote_mint": NONE, "virtual_quote_reserves": 30 * SOL, "creator_fee_bps": 0,
                "is_holder_reward": False,
            }
        )
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["buy", "buy_exact_sol_in", "sell"])
def test_a_trade_is_said_in_pump_funs_bytes(pad: Pad, name: str) -> None:
    pad.chain.send([pad.spend(5 * SOL)], [pad.user])
    before = pad.model()
    if name == "buy":
        trade, call = pumpfun.buy_exact_tokens(before, 10**12, RATES), pad.buy(10**12)
    elif name == "sell":
        trade, call = pumpfun.sell(before, 10**12, RATES), pad.sell(10**12)
    else:
        trade, call = pumpfun.buy_exact_quote(before, SOL, RATES), pad.spend(SOL)
    said = pad.chain.send([call], [pad.user])
    curve = trade.curve
    writer = event_writer(Venue.PUMPFUN, "TradeEvent", "holder_rewards")
    assert events(said) == [
        writer.write(
            {
                "mint": bytes(pad.mint), "sol_amount": trade.quote, "token_amount": trade.token,
                "is_buy": name != "sell", "user": bytes(pad.user.pubkey()), "timestamp": START,
                "virtual_sol_reserves": curve.virtual_quote, "virtual_token_reserves": curve.virtual_token,
                "real_sol_reserves": curve.real_quote, "real_token_reserves": curve.real_token,
                "fee_recipient": bytes(pad.recipient), "fee_basis_points": 95, "fee": trade.protocol_fee,
                "creator": bytes(pad.creator.pubkey()), "creator_fee_basis_points": 30,
                "creator_fee": trade.creator_fee, "track_volume": False, "total_unclaimed_tokens": 0,
                "total_claimed_tokens": 0, "current_sol_volume": 0, "last_update_timestamp": 0, "ix_name": name,
                "mayhem_mode": False, "cashback_fee_basis_points": 0, "cashback": 0, "buyback_fee_basis_points": 5_000,
                "buyback_fee": trade.protocol_fee * 5_000 // 10_000, "shareholders": (), "quote_mint": NONE,
                "quote_amount": trade.quote, "virtual_quote_reserves": curve.virtual_quote,
                "real_quote_reserves": curve.real_quote, "holder_rewards_bps": 0, "holder_rewards": 0,
            }
        )
    ]  # fmt: skip


def test_the_launch_feeds_decoder_reads_what_the_program_says(pad: Pad) -> None:
    created = rows(pad.said)
    assert [row.kind for row in created] == ["launch"], created
    bought = rows(pad.chain.send([pad.spend(SOL)], [pad.user]))
    trade = pumpfun.buy_exact_quote(pumpfun.Curve(1_073 * 10**12, 30 * SOL, 7931 * 10**11, 0), SOL, RATES)
    (row,) = bought
    assert (row.kind, row.venue, row.token_mint) == ("trade", Venue.PUMPFUN, str(pad.mint))
    assert (row.token_amount, row.quote_amount) == (trade.token, trade.quote)


def test_the_last_token_completes_the_curve_and_says_so(pad: Pad) -> None:
    said = pad.chain.send([pad.buy(10**15)], [pad.user])
    assert pad.model().complete()
    assert pad.chain.tokens(pad.wallet) == 793_100_000_000_000
    writer = event_writer(Venue.PUMPFUN, "CompleteEvent", "quote_mint")
    done = {
        "user": bytes(pad.user.pubkey()), "mint": bytes(pad.mint), "bonding_curve": bytes(pad.curve),
        "timestamp": START, "quote_mint": NONE,
    }  # fmt: skip
    assert events(said)[1] == writer.write(done)
    refused(pad.chain, pad.buy(1), [pad.user], Error.CurveComplete)
    refused(pad.chain, pad.spend(SOL), [pad.user], Error.CurveComplete)
    pad.chain.send([pad.sell(10**9)], [pad.user])


# -- the model ----------------------------------------------------------------------------------------

REFUSALS: dict[type[CurveError], set[Error]] = {
    ZeroAmount: {Error.ZeroAmount, Error.CurveComplete, Error.Overflow}, Overflow: {Error.Overflow},
    NotEnoughLiquidity: {Error.NotEnoughLiquidity, Error.CurveComplete, Error.Overflow},
}  # fmt: skip
"""Both refuse the same trades. Which of two reasons is named first may differ."""
AMOUNT = st.one_of(st.integers(1, 10**6), st.integers(1, 10**15), st.integers(1, LAST))


@pytest.fixture(scope="module")
def prepared() -> Pad:
    """A curve that is put anywhere for each example."""
    return Pad()


@settings(max_examples=120)
@given(
    reserves=st.tuples(
        st.integers(2, 2 * 10**15), st.integers(1, 10**12), st.integers(0, 10**15), st.integers(0, 10**12)
    ),
    amount=AMOUNT,
    name=st.sampled_from(["buy", "buy_exact_sol_in", "sell"]),
)
def test_any_trade_on_any_curve_is_the_models_to_the_unit(
    prepared: Pad, reserves: tuple[int, int, int, int], amount: int, name: str
) -> None:
    curve = pumpfun.Curve(*reserves)
    assume(curve.real_token < curve.virtual_token and curve.real_quote <= curve.virtual_quote)
    pad = prepared
    pad.set(curve)
    pad.hold(pad.wallet, amount if name == "sell" else 0)
    call = {"buy": pad.buy, "buy_exact_sol_in": pad.spend, "sell": pad.sell}[name](amount)
    trade = modelled(name, curve, amount)
    if isinstance(trade, CurveError):
        assert refused_with_any(pad, call, REFUSALS[type(trade)])
        return
    before = {key: pad.chain.lamports(key) for key in (pad.user.pubkey(), pad.creator.pubkey(), pad.recipient)}
    rent = pad.chain.lamports(pad.curve) - curve.real_quote
    if name != "sell" and trade.paid() > before[pad.user.pubkey()]:
        return
    pad.chain.send([call], [pad.user])
    assert pad.model() == trade.curve
    assert pad.chain.lamports(pad.curve) == rent + trade.curve.real_quote
    change = trade.received() if name == "sell" else -trade.paid()
    assert pad.chain.lamports(pad.user.pubkey()) == before[pad.user.pubkey()] + change
    assert pad.chain.lamports(pad.creator.pubkey()) == before[pad.creator.pubkey()] + trade.creator_fee
    assert pad.chain.lamports(pad.recipient) == before[pad.recipient] + trade.protocol_fee
    assert pad.chain.tokens(pad.wallet) == (0 if name == "sell" else trade.token)


def modelled(name: str, curve: pumpfun.Curve, amount: int) -> pumpfun.Trade | CurveError:
    model = {"buy": pumpfun.buy_exact_tokens, "buy_exact_sol_in": pumpfun.buy_exact_quote, "sell": pumpfun.sell}[name]
    try:
        return model(curve, amount, RATES)
    except CurveError as problem:
        return problem


def refused_with_any(pad: Pad, call: Instruction, errors: set[Error]) -> bool:
    with pytest.raises(Failed) as failure:
        pad.chain.send([call], [pad.user])
    return failure.value.code in errors


def test_a_circle_of_trades_never_earns(pad: Pad) -> None:
    start = pad.chain.lamports(pad.user.pubkey())
    for spend in (1_000, SOL, 17 * SOL):
        pad.chain.send([pad.spend(spend)], [pad.user])
        pad.chain.send([pad.sell(pad.chain.tokens(pad.wallet))], [pad.user])
    assert pad.chain.lamports(pad.user.pubkey()) < start
    assert pad.model().real_token == launchpad.REAL_TOKEN


# -- limits and accounts ------------------------------------------------------------------------------


def test_a_price_past_the_limit_is_refused(pad: Pad) -> None:
    bought = pumpfun.buy_exact_tokens(pad.model(), 10**12, RATES)
    refused(pad.chain, pad.buy(10**12, bought.paid() - 1), [pad.user], Error.SlippageExceeded)
    pad.chain.send([pad.buy(10**12, bought.paid())], [pad.user])
    spent = pumpfun.buy_exact_quote(pad.model(), SOL, RATES)
    refused(pad.chain, pad.spend(SOL, spent.token + 1), [pad.user], Error.SlippageExceeded)
    pad.chain.send([pad.spend(SOL, spent.token)], [pad.user])
    sold = pumpfun.sell(pad.model(), 10**12, RATES)
    refused(pad.chain, pad.sell(10**12, sold.received() + 1), [pad.user], Error.SlippageExceeded)
    pad.chain.send([pad.sell(10**12, sold.received())], [pad.user])


def test_nobody_sells_what_it_does_not_hold(pad: Pad) -> None:
    pad.chain.send([pad.spend(SOL)], [pad.user])
    with pytest.raises(Exception, match="Custom"):
        pad.chain.send([pad.sell(pad.chain.tokens(pad.wallet) + 1)], [pad.user])


def test_a_creator_may_buy_its_own_token(pad: Pad) -> None:
    wallet = pad.chain.open_account(pad.creator.pubkey(), pad.mint)
    call = pad.trade("buy", user=pad.creator.pubkey(), user_token=wallet, amount=10**9, max_sol_cost=SOL)
    before = pad.chain.lamports(pad.creator.pubkey())
    trade = pumpfun.buy_exact_tokens(pad.model(), 10**9, RATES)
    pad.chain.send([call], [pad.creator])
    assert pad.chain.lamports(pad.creator.pubkey()) == before - trade.quote - trade.protocol_fee
    sell = pad.trade("sell", user=pad.creator.pubkey(), user_token=wallet, amount=10**9, min_sol_output=0)
    pad.chain.send([sell], [pad.creator])


@pytest.mark.parametrize("at", range(6))
def test_what_is_written_has_to_be_writable(pad: Pad, at: int) -> None:
    refused(pad.chain, readonly(pad.spend(SOL), at), [pad.user], Error.NotWritable)


@pytest.mark.parametrize(
    ("at", "error"),
    [
        (CURVE, Error.WrongOwner), (VAULT, Error.WrongVault), (WALLET, Error.WrongUserToken),
        (RECIPIENT, Error.WrongRecipient), (CREATOR, Error.WrongRecipient), (MINT, Error.WrongMint),
        (TOKEN, Error.WrongProgram), (SYSTEM_AT, Error.WrongProgram),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["spend", "sell"])
def test_every_account_has_to_be_the_one_it_stands_for(pad: Pad, at: int, error: Error, name: str) -> None:
    pad.chain.send([pad.spend(SOL)], [pad.user])
    call = getattr(pad, name)(10**6)
    refused(pad.chain, swapped(call, at, Pubkey.new_unique()), [pad.user], error)


def test_somebody_elses_wallet_or_another_mints_is_not_mine(pad: Pad) -> None:
    theirs = pad.chain.open_account(pad.creator.pubkey(), pad.mint)
    refused(pad.chain, swapped(pad.spend(SOL), WALLET, theirs), [pad.user], Error.WrongUserToken)
    other = pad.chain.open_account(pad.user.pubkey(), pad.chain.mint())
    refused(pad.chain, swapped(pad.spend(SOL), WALLET, other), [pad.user], Error.WrongUserToken)


def test_another_curve_or_none_is_refused(pad: Pad) -> None:
    other = Pad(pad.chain)
    refused(pad.chain, swapped(pad.spend(SOL), CURVE, other.curve), [pad.user], Error.WrongMint)
    data = pad.chain.data(pad.curve)
    for changed in (data[:-1], b"\0" + data[1:]):
        pad.chain.change(pad.curve, data=changed)
        refused(pad.chain, pad.spend(SOL), [pad.user], Error.WrongAccountKind)


def test_the_user_has_to_sign_and_nothing_stands_twice(pad: Pad) -> None:
    refused(pad.chain, unsigned(pad.spend(SOL), USER), [], Error.MissingSigner)
    refused(pad.chain, swapped(pad.spend(SOL), RECIPIENT, pad.user.pubkey()), [pad.user], Error.RepeatedAccount)
    refused(pad.chain, swapped(pad.spend(SOL), WALLET, pad.vault), [pad.user], Error.RepeatedAccount)


def test_shape(pad: Pad) -> None:
    call = pad.spend(SOL)
    refused(pad.chain, fewer(call), [pad.user], Error.WrongAccountCount)
    refused(pad.chain, more(call), [pad.user], Error.WrongAccountCount)
    for data in (bytes(call.data)[:-1], bytes(call.data) + b"\0"):
        refused(pad.chain, with_data(call, data), [pad.user], Error.WrongInstructionData)
    for data in (b"", b"\0" * 8, bytes(call.data)[:7]):
        refused(pad.chain, with_data(call, data), [pad.user], Error.UnknownInstruction)
    refused(pad.chain, pad.spend(0), [pad.user], Error.ZeroAmount)


# -- launching ----------------------------------------------------------------------------------------


def test_after_a_launch_nobody_mints_or_freezes(pad: Pad) -> None:
    mint = pad.chain.data(pad.mint)
    assert (mint[0:4], mint[46:50]) == (bytes(4), bytes(4))
    assert int.from_bytes(mint[36:44], "little") == pad.chain.tokens(pad.vault) == 10**15
    refused(pad.chain, pad.create(), [pad.creator], Error.AlreadyExists)


def test_lamports_sent_ahead_do_not_stop_a_launch() -> None:
    pad = Pad(launched=False)
    pad.chain.svm.airdrop(pad.curve, 890_880)
    pad.chain.send([pad.create()], [pad.creator])
    assert pad.state().token_total_supply == 10**15


@pytest.mark.parametrize("wrong", [{"decimals": 9}, {"authority": PAD}, {"freeze": PAD}], ids=str)
def test_only_a_fresh_mint_under_the_curve_is_launched(wrong: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Pad.make_mint
    monkeypatch.setattr(Pad, "make_mint", lambda self: plain(self, **wrong))
    pad = Pad(launched=False)
    refused(pad.chain, pad.create(), [pad.creator], Error.WrongMint)


def test_a_mint_with_supply_is_not_launched() -> None:
    pad = Pad(launched=False)
    data = pad.chain.data(pad.mint)
    pad.chain.change(pad.mint, data=data[:36] + b"\1" + data[37:])
    refused(pad.chain, pad.create(), [pad.creator], Error.WrongMint)


@pytest.mark.parametrize(
    ("at", "error"),
    [
        (1, Error.WrongAddress), (2, Error.WrongAddress), (3, Error.WrongVault), (5, Error.WrongProgram),
        (6, Error.WrongProgram),
    ],
)  # fmt: skip
def test_a_launch_takes_the_accounts_it_says(at: int, error: Error) -> None:
    pad = Pad(launched=False)
    refused(pad.chain, swapped(pad.create(), at, Pubkey.new_unique()), [pad.creator], error)


def test_a_launch_is_signed_and_writes_what_it_writes() -> None:
    pad = Pad(launched=False)
    refused(pad.chain, unsigned(pad.create(), 0), [], Error.MissingSigner)
    for at in range(4):
        refused(pad.chain, readonly(pad.create(), at), [pad.creator], Error.NotWritable)
    refused(pad.chain, swapped(pad.create(), 4, pad.mint), [pad.creator], Error.RepeatedAccount)
    refused(pad.chain, swapped(pad.create(), 5, TOKEN_2022), [pad.creator], Error.WrongMint)
    pad.chain.svm.airdrop(pad.curve, SOL)
    pad.chain.change(pad.curve, owner=SPL_TOKEN)
    refused(pad.chain, pad.create(), [pad.creator], Error.WrongOwner)


def test_a_vault_somebody_else_could_move_is_refused() -> None:
    pad = Pad(launched=False)
    good = pad.chain.data(pad.vault)
    for at, value in ((0, NONE), (32, NONE), (72, b"\1"), (129, b"\1"), (108, b"\2")):
        pad.chain.change(pad.vault, data=good[:at] + value + good[at + len(value) :])
        refused(pad.chain, pad.create(), [pad.creator], Error.WrongVault)


def test_texts_have_a_bound_and_their_own_length() -> None:
    pad = Pad(launched=False)
    refused(pad.chain, pad.create(uri="x" * 201), [pad.creator], Error.WrongInstructionData)
    good = bytes(pad.create().data)
    for data in (good[:-1], good + b"\0", good[:8], good[:8] + b"\xff\xff\xff\xff" + good[12:]):
        refused(pad.chain, with_data(pad.create(), data), [pad.creator], Error.WrongInstructionData)
    pad.chain.send([pad.create(name="n" * 200, symbol="", uri="ü" * 100)], [pad.creator])


# -- where it may be called ---------------------------------------------------------------------------


@pytest.mark.parametrize("chain", [c for c in TABLE if c.genesis], ids=lambda c: c.name)
def test_on_a_real_cluster_the_client_refuses(chain: Any) -> None:
    with pytest.raises(NotPractice, match=chain.name):
        launchpad_program(chain.genesis, "http://127.0.0.1:8899")


def test_on_another_machine_the_client_refuses() -> None:
    for url in ("https://rpc.example", "http://10.0.0.1:8899", "http://127.0.0.1.example", "nonsense"):
        with pytest.raises(NotPractice, match="this machine only"):
            launchpad_program("11111111111111111111111111111111", url)


def test_here_it_is_the_id_of_the_practice_market() -> None:
    for url in (None, "http://127.0.0.1:8899", "http://localhost:1", "http://[::1]:5"):
        assert str(launchpad_program("practice", url)) == PUMP == launchpad.ADDRESS
