"""What each venue states, as rows: quotes, reversed pools, migrations, older layouts, fees by the side that paid."""

import hashlib

import pytest

from fluxdesk.core.events import Fee, Kind, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import SPL_TOKEN, TOKEN_2022, WSOL, DecodeContext, PoolInfo, Pools
from fluxdesk.native.base58 import b58decode
from ledger import ROUTER, Ledger, Node, address, call, event, key, rows

POOL, TOKEN, TRADER = address("pool"), address("token"), address("trader")
SWAP_BASE = {"pool": key("pool"), "user": key("trader"), "lp_fee": 2, "protocol_fee": 1, "coin_creator_fee": 3}


def swap(kind: str, base: str, quote: str, **values: object) -> Node:
    names = {
        "BuyEvent": {"base_amount_out": 500, "quote_amount_in": 40, "quote_amount_in_with_lp_fee": 42},
        "SellEvent": {"base_amount_in": 500, "quote_amount_out": 40, "quote_amount_out_without_lp_fee": 38},
    }[kind]
    payload = event(Venue.PUMPSWAP, kind, **(SWAP_BASE | names | values))
    accounts = {
        "base_mint": base,
        "quote_mint": quote,
        "base_token_program": SPL_TOKEN,
        "quote_token_program": TOKEN_2022,
    }
    return call(Venue.PUMPSWAP, "buy" if kind == "BuyEvent" else "sell", [payload], accounts=accounts)


@pytest.mark.parametrize(
    ("kind", "base", "quote", "side", "legs", "program"),
    [
        ("BuyEvent", TOKEN, WSOL, Side.BUY, (500, 40), SPL_TOKEN),
        ("SellEvent", TOKEN, WSOL, Side.SELL, (500, 40), SPL_TOKEN),
        ("BuyEvent", WSOL, TOKEN, Side.SELL, (40, 500), TOKEN_2022),
        ("SellEvent", WSOL, TOKEN, Side.BUY, (40, 500), TOKEN_2022),
    ],
)
def test_a_reversed_pumpswap_pool_flips_side_and_legs(
    kind: str, base: str, quote: str, side: Side, legs: tuple[int, int], program: str
) -> None:
    (row,) = rows(Ledger([swap(kind, base, quote)]).rpc())
    assert (row.side, row.token_amount, row.quote_amount) == (side, *legs)
    assert (row.token_mint, row.quote_mint, row.token_program) == (TOKEN, WSOL, program)
    assert row.fees == (Fee("lp", 2, quote), Fee("protocol", 1, quote), Fee("creator", 3, quote))


def test_from_logs_an_unseen_pumpswap_pool_is_unknown_and_a_seen_one_is_read() -> None:
    ledger = Ledger([swap("BuyEvent", WSOL, TOKEN)])
    (unseen,) = rows(ledger.notification())
    assert (unseen.kind, unseen.reason, unseen.pool) == (Kind.UNKNOWN, Reason.POOL_MINTS_UNKNOWN, POOL)
    ctx = DecodeContext(pools=Pools({POOL: PoolInfo(WSOL, TOKEN)}))
    (seen,) = rows(ledger.notification(), ctx)
    assert (seen.kind, seen.side, seen.token_mint) == (Kind.TRADE, Side.SELL, TOKEN)


def test_a_whole_transaction_teaches_the_pool_to_the_logs_that_follow() -> None:
    ctx = DecodeContext()
    rows(Ledger([swap("BuyEvent", TOKEN, WSOL)]).rpc(), ctx)
    (row,) = rows(Ledger([swap("SellEvent", TOKEN, WSOL)]).notification(), ctx)
    assert (row.kind, row.token_mint) == (Kind.TRADE, TOKEN)


def test_the_traders_own_wrapped_sol_account_proves_which_side_is_the_quote() -> None:
    from solders.pubkey import Pubkey
    from solders.token.associated import get_associated_token_address

    own = bytes(get_associated_token_address(Pubkey.from_string(TRADER), Pubkey.from_string(WSOL)))
    quote_side = rows(Ledger([swap("BuyEvent", TOKEN, WSOL, user_quote_token_account=own)]).notification())[0]
    base_side = rows(Ledger([swap("BuyEvent", WSOL, TOKEN, user_base_token_account=own)]).notification())[0]
    assert (quote_side.side, quote_side.token_amount, quote_side.quote_mint) == (Side.BUY, 500, WSOL)
    assert (base_side.side, base_side.token_amount, base_side.quote_mint) == (Side.SELL, 40, WSOL)
    assert quote_side.token_mint is None


def test_the_traders_own_account_of_a_later_quote_proves_nothing_since_the_other_side_may_be_an_earlier_one() -> None:
    """In a pool of wrapped SOL and USDC the quote is wrapped SOL, which a router holds in an account of any address."""
    from solders.pubkey import Pubkey
    from solders.token.associated import get_associated_token_address

    usdc = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
    own = bytes(get_associated_token_address(Pubkey.from_string(TRADER), Pubkey.from_string(usdc)))
    ledger = Ledger([swap("BuyEvent", WSOL, usdc, user_quote_token_account=own)])
    assert rows(ledger.rpc())[0].quote_mint == WSOL
    (row,) = rows(ledger.notification())
    assert (row.kind, row.reason) == (Kind.UNKNOWN, Reason.POOL_MINTS_UNKNOWN)


def test_without_a_listed_quote_the_second_token_is_the_quote() -> None:
    (row,) = rows(Ledger([swap("BuyEvent", TOKEN, address("other"))]).rpc())
    assert (row.token_mint, row.quote_mint, row.side) == (TOKEN, address("other"), Side.BUY)


def dbc_events(**values: object) -> list[bytes]:
    shared = {"pool": key("pool"), "config": key("config"), "trade_direction": 1, "swap_result__output_amount": 900}
    fees = {"swap_result__trading_fee": 8, "swap_result__protocol_fee": 2}
    old = {"amount_in": 1000, "swap_result__actual_input_amount": 990}
    new = {"swap_result__included_fee_input_amount": 1000, "swap_result__excluded_fee_input_amount": 990}
    old_event = event(Venue.METEORA_DBC, "EvtSwap", **(shared | fees | old | values))
    threshold = {"quote_reserve_amount": 30, "migration_threshold": 120}
    return [old_event, event(Venue.METEORA_DBC, "EvtSwap2", **(shared | fees | new | threshold | values))]


def dbc_swap(events: list[bytes]) -> Node:
    return call(Venue.METEORA_DBC, "swap", events, accounts={"base_mint": TOKEN, "quote_mint": WSOL, "payer": TRADER})


@pytest.mark.parametrize("which", [slice(0, 1), slice(1, 2), slice(0, 2)])
def test_meteora_states_a_swap_once_or_twice_and_it_counts_once(which: slice) -> None:
    (row,) = rows(Ledger([dbc_swap(dbc_events()[which])]).rpc())
    assert (row.kind, row.side, row.token_amount, row.quote_amount) == (Kind.TRADE, Side.BUY, 900, 1000)
    assert row.fees == (Fee("trading", 8, WSOL), Fee("protocol", 2, WSOL))
    assert row.trader == TRADER


def test_a_meteora_sell_pays_its_fee_in_the_quote_it_receives() -> None:
    events = dbc_events(trade_direction=0, swap_result__excluded_fee_input_amount=1000)[1:]
    (row,) = rows(Ledger([dbc_swap(events)]).rpc())
    assert (row.side, row.token_amount, row.quote_amount) == (Side.SELL, 1000, 900)
    assert {f.mint for f in row.fees or ()} == {WSOL}


def test_meteora_says_nothing_in_logs_and_that_is_said() -> None:
    (row,) = rows(Ledger([dbc_swap(dbc_events())]).notification())
    assert (row.kind, row.reason, row.venue) == (Kind.UNKNOWN, Reason.EVENT_MISSING, Venue.METEORA_DBC)


def test_a_meteora_launch_takes_name_and_supply_from_the_instruction_and_its_calls() -> None:
    args = {"params.name": "Kelp", "params.symbol": "KLP", "params.uri": "https://k"}
    created = event(
        Venue.METEORA_DBC, "EvtInitializePool", pool=key("pool"), base_mint=key("token"), creator=key("creator")
    )
    mint_to = Node(SPL_TOKEN, b"\x07" + (10**15).to_bytes(8, "little"), [TOKEN, address("vault"), address("authority")])
    init = Node(SPL_TOKEN, b"\x14\x06" + bytes(33), [TOKEN])
    accounts = {"base_mint": TOKEN, "quote_mint": WSOL, "token_program": SPL_TOKEN}
    node = call(
        Venue.METEORA_DBC,
        "initialize_virtual_pool_with_spl_token",
        [created],
        args,
        accounts=accounts,
        children=[init, mint_to],
    )
    (row,) = rows(Ledger([node]).rpc())
    assert (row.kind, row.name, row.symbol, row.uri, row.quote_mint) == (Kind.LAUNCH, "Kelp", "KLP", "https://k", WSOL)
    assert row.state is not None
    assert (row.state.supply, row.state.token_decimals) == (10**15, 6)


def test_a_meteora_launch_whose_arguments_cannot_be_read_is_a_launch_without_a_name() -> None:
    created = event(
        Venue.METEORA_DBC, "EvtInitializePool", pool=key("pool"), base_mint=key("token"), creator=key("creator")
    )
    node = call(
        Venue.METEORA_DBC,
        "initialize_virtual_pool_with_spl_token",
        [created],
        {"params.name": "Kelp", "params.symbol": "KLP", "params.uri": "https://k"},
        accounts={"base_mint": TOKEN, "quote_mint": WSOL, "token_program": SPL_TOKEN},
    )
    whole = node.data
    for broken in (whole[:8] + b"\xff" * 4 + whole[12:], whole[:10], whole.replace(b"Kelp", b"\xff" * 4)):
        node.data = broken
        (row,) = rows(Ledger([node]).rpc())
        assert (row.kind, row.token_mint, row.name, row.uri) == (Kind.LAUNCH, TOKEN, None, None)


def damm_swap(a: str, b: str, **values: object) -> Node:
    amounts = {"swap_result__included_fee_input_amount": 100, "swap_result__excluded_fee_input_amount": 100}
    fees = {"swap_result__output_amount": 70, "swap_result__claiming_fee": 4, "swap_result__protocol_fee": 1}
    payload = event(Venue.METEORA_DAMM_V2, "EvtSwap2", **({"pool": key("pool")} | amounts | fees | values))
    accounts = {"token_a_mint": a, "token_b_mint": b, "payer": TRADER}
    return call(Venue.METEORA_DAMM_V2, "swap2", [payload], accounts=accounts)


def test_damm_v2_orders_its_tokens_freely_and_the_quote_is_found() -> None:
    (sold,) = rows(Ledger([damm_swap(TOKEN, WSOL, trade_direction=0)]).rpc())
    assert (sold.side, sold.token_amount, sold.quote_amount) == (Side.SELL, 100, 70)
    (bought,) = rows(Ledger([damm_swap(WSOL, TOKEN, trade_direction=0)]).rpc())
    assert (bought.side, bought.token_amount, bought.quote_amount) == (Side.BUY, 70, 100)
    assert {f.mint for f in bought.fees or ()} == {TOKEN}


def test_a_token_2022_transfer_fee_is_listed_beside_the_swap_fees() -> None:
    node = damm_swap(
        TOKEN,
        WSOL,
        included_transfer_fee_amount_in=103,
        included_transfer_fee_amount_out=70,
        excluded_transfer_fee_amount_out=69,
    )
    (row,) = rows(Ledger([node]).rpc())
    assert row.token_amount == 100
    assert [f for f in row.fees or () if f.name == "transfer"] == [Fee("transfer", 3, TOKEN), Fee("transfer", 1, WSOL)]


def test_a_pump_migration_is_one_row_though_it_creates_a_pumpswap_pool() -> None:
    created = event(
        Venue.PUMPSWAP, "CreatePoolEvent", pool=key("pool"), base_mint=key("token"), quote_mint=b58decode(WSOL)
    )
    pool = call(Venue.PUMPSWAP, "create_pool", [created], accounts={"base_mint": TOKEN, "quote_mint": WSOL})
    left = event(
        Venue.PUMPFUN, "CompletePumpAmmMigrationEvent", mint=key("token"), pool=key("pool"), mint_amount=7, sol_amount=9
    )
    node = call(Venue.PUMPFUN, "migrate", [left], children=[pool])
    for ledger in (Ledger([node]), Ledger([Node(ROUTER, children=[node])])):
        for shape in (ledger.rpc(), ledger.rpc(heights=False), ledger.notification()):
            ctx = DecodeContext()
            (row,) = rows(shape, ctx)
            assert (row.kind, row.venue, row.pool) == (Kind.MIGRATION, Venue.PUMPFUN, POOL)
            assert (row.token_amount, row.quote_amount) == (7, 9)
            assert ctx.pools[POOL].mint_a == TOKEN


@pytest.mark.parametrize(
    ("venue", "instruction", "pool_account"),
    [
        (Venue.METEORA_DBC, "migration_damm_v2", "pool"),
        (Venue.METEORA_DBC, "migrate_meteora_damm", "pool"),
        (Venue.RAYDIUM_LAUNCHLAB, "migrate_to_cpswap", "cpswap_pool"),
        (Venue.RAYDIUM_LAUNCHLAB, "migrate_to_amm", "amm_pool"),
    ],
)
def test_a_migration_without_an_event_is_read_from_its_instruction(
    venue: Venue, instruction: str, pool_account: str
) -> None:
    mints = {"base_mint": TOKEN, "token_a_mint": TOKEN, "quote_mint": WSOL, "token_b_mint": WSOL}
    openbook = {"openbook_program": "srmqPvymJeFKQ4zGQed1GFppgkRHL9kaELCbyksJtPX"}
    node = call(venue, instruction, [], accounts={**mints, **openbook, pool_account: POOL})
    (row,) = rows(Ledger([node]).rpc())
    assert (row.kind, row.venue, row.pool) == (Kind.MIGRATION, venue, POOL)
    assert (row.token_mint, row.quote_mint, row.provenance) == (TOKEN, WSOL, "instruction")


def test_a_finished_curve_is_a_pool_row_that_says_so() -> None:
    done = event(Venue.PUMPFUN, "CompleteEvent", mint=key("token"), bonding_curve=key("curve"), user=key("trader"))
    buy = call(Venue.PUMPFUN, "buy", [event(Venue.PUMPFUN, "TradeEvent", mint=key("token"), is_buy=True), done])
    got = rows(Ledger([buy]).rpc())
    assert [(r.kind, r.reason) for r in got] == [(Kind.TRADE, None), (Kind.POOL, Reason.CURVE_COMPLETE)]


def test_older_pump_layouts_leave_unknown_what_they_do_not_state() -> None:
    full = event(Venue.PUMPFUN, "TradeEvent", mint=key("token"), sol_amount=5, token_amount=6, is_buy=False, fee=9)
    for size, states_fees in ((129, False), (len(full), True)):
        (row,) = rows(Ledger([call(Venue.PUMPFUN, "sell", [full[:size]])]).rpc())
        assert (row.kind, row.side, row.quote_amount) == (Kind.TRADE, Side.SELL, 5)
        assert (row.fees is not None) == states_fees


def test_a_longer_payload_than_any_known_layout_still_decodes() -> None:
    payload = event(Venue.PUMPFUN, "TradeEvent", mint=key("token"), sol_amount=5, is_buy=True) + b"new fields"
    assert rows(Ledger([call(Venue.PUMPFUN, "buy", [payload])]).rpc())[0].kind is Kind.TRADE


def test_a_payload_shorter_than_the_oldest_layout_is_malformed() -> None:
    payload = event(Venue.PUMPFUN, "TradeEvent", mint=key("token"))[:60]
    (row,) = rows(Ledger([call(Venue.PUMPFUN, "buy", [payload])]).rpc())
    assert (row.kind, row.reason) == (Kind.UNKNOWN, Reason.MALFORMED_EVENT)


def test_the_older_launchlab_trade_has_its_fields_at_other_offsets() -> None:
    numbers = [10, 11, 12, 13, 14, 15, 16, 1000, 900, 3, 2, 1]
    old = hashlib.sha256(b"event:TradeEvent").digest()[:8] + key("pool")
    old += b"".join(n.to_bytes(8, "little") for n in numbers) + b"\x00\x00"
    accounts = {"base_token_mint": TOKEN, "quote_token_mint": WSOL}
    (row,) = rows(Ledger([call(Venue.RAYDIUM_LAUNCHLAB, "buy_exact_in", [old], accounts=accounts)]).rpc())
    assert (row.side, row.token_amount, row.quote_amount) == (Side.BUY, 900, 1000)
    assert row.fees == (Fee("protocol", 3, WSOL), Fee("platform", 2, WSOL), Fee("share", 1, WSOL))


def test_values_that_no_launchlab_trade_has_are_no_trade() -> None:
    accounts = {"base_token_mint": TOKEN, "quote_token_mint": WSOL}
    for odd in ({"trade_direction": 2}, {"pool_status": 3}):
        payload = event(Venue.RAYDIUM_LAUNCHLAB, "TradeEvent", pool_state=key("pool"), amount_in=5, amount_out=6, **odd)
        (row,) = rows(Ledger([call(Venue.RAYDIUM_LAUNCHLAB, "buy_exact_in", [payload], accounts=accounts)]).rpc())
        assert (row.kind, row.reason, row.token_amount) == (Kind.UNKNOWN, Reason.MALFORMED_EVENT, None)


def test_liquidity_says_its_direction() -> None:
    values = {"pool": key("pool"), "user": key("trader")}
    deposit = event(Venue.PUMPSWAP, "DepositEvent", base_amount_in=3, quote_amount_in=4, **values)
    withdraw = event(Venue.PUMPSWAP, "WithdrawEvent", base_amount_out=1, quote_amount_out=2, **values)
    accounts = {"base_mint": TOKEN, "quote_mint": WSOL}
    got = rows(
        Ledger(
            [
                call(Venue.PUMPSWAP, "deposit", [deposit], accounts=accounts),
                call(Venue.PUMPSWAP, "withdraw", [withdraw], accounts=accounts),
            ]
        ).rpc()
    )
    assert [(r.kind, r.reason, r.token_amount, r.quote_amount) for r in got] == [
        (Kind.LIQUIDITY, Reason.LIQUIDITY_ADDED, 3, 4),
        (Kind.LIQUIDITY, Reason.LIQUIDITY_REMOVED, 1, 2),
    ]


def test_a_launchlab_migration_by_an_unpublished_account_list_is_not_read_by_position() -> None:
    node = call(Venue.RAYDIUM_LAUNCHLAB, "migrate_to_amm", [])
    (row,) = rows(Ledger([node]).rpc())
    assert (row.kind, row.reason) == (Kind.UNKNOWN, Reason.UNKNOWN_INSTRUCTION)


def test_every_hop_of_a_pumpswap_route_takes_its_own_mints() -> None:
    first, second = address("pool one"), address("pool two")
    node = call(
        Venue.PUMPSWAP,
        "multi_hop_swap",
        [
            event(Venue.PUMPSWAP, "SellEvent", pool=key("pool one"), base_amount_in=10, quote_amount_out=3),
            event(Venue.PUMPSWAP, "BuyEvent", pool=key("pool two"), base_amount_out=8, quote_amount_in=3),
        ],
    )
    other = address("other token")
    node.accounts += [
        TOKEN,
        WSOL,
        first,
        address("v1"),
        address("v2"),
        other,
        WSOL,
        second,
        address("v3"),
        address("v4"),
    ]
    got = rows(Ledger([node]).rpc())
    assert [(r.pool, r.token_mint, r.side, r.token_amount) for r in got] == [
        (first, TOKEN, Side.SELL, 10),
        (second, other, Side.BUY, 8),
    ]


@pytest.mark.parametrize(("count", "at"), [(11, 1), (12, 2)])
def test_the_pump_withdrawal_of_2024_leaves_the_curve_by_the_list_of_its_length(count: int, at: int) -> None:
    node = call(Venue.PUMPFUN, "withdraw", [])
    node.accounts = [address(f"account {n}") for n in range(count)]
    (row,) = rows(Ledger([node]).rpc())
    assert (row.kind, row.token_mint, row.pool) == (Kind.MIGRATION, address(f"account {at}"), None)


def test_a_change_of_liquidity_stated_by_two_events_counts_once() -> None:
    values = {"pool": key("pool"), "owner": key("trader"), "token_a_amount": 3, "token_b_amount": 4}
    both = [event(Venue.METEORA_DAMM_V2, name, **values) for name in ("EvtAddLiquidity", "EvtLiquidityChange")]
    node = call(Venue.METEORA_DAMM_V2, "add_liquidity", both, accounts={"token_a_mint": TOKEN, "token_b_mint": WSOL})
    (row,) = rows(Ledger([node]).rpc())
    assert (row.kind, row.reason, row.token_amount) == (Kind.LIQUIDITY, Reason.LIQUIDITY_ADDED, 3)


def test_rewards_that_restate_the_creator_fee_are_not_counted_again() -> None:
    payload = event(Venue.PUMPFUN, "TradeEvent", mint=key("token"), is_buy=True, fee=9, creator_fee=4, holder_rewards=4)
    (row,) = rows(Ledger([call(Venue.PUMPFUN, "buy", [payload])]).rpc())
    assert [(f.name, f.amount) for f in row.fees or ()] == [("protocol", 9), ("creator", 4)]


def test_a_last_buy_filled_from_the_pool_to_come_is_two_trades() -> None:
    on_curve = event(Venue.PUMPFUN, "TradeEvent", mint=key("token"), is_buy=True, sol_amount=5, token_amount=50)
    done = event(Venue.PUMPFUN, "CompleteEvent", mint=key("token"))
    after = event(Venue.PUMPFUN, "PostCompleteBuyEvent", mint=key("token"), base_out=7, quote_in=1)
    got = rows(Ledger([call(Venue.PUMPFUN, "buy_v3", [on_curve, done, after])]).rpc())
    assert [(r.kind, r.token_amount, r.quote_amount) for r in got] == [
        (Kind.TRADE, 50, 5),
        (Kind.POOL, None, None),
        (Kind.TRADE, 7, 1),
    ]
