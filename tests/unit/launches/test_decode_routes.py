"""Routes, folded migrations and what a transaction shows about a token: the cases that real transactions taught."""

import pytest

from fluxdesk.core.events import Kind, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import SPL_TOKEN, TOKEN_2022, WSOL, DecodeContext
from ledger import ROUTER, Ledger, Node, address, call, event, key, rows

TOKEN, POOL = address("token"), address("pool")


def curve_hop(name: str = "token") -> Node:
    payload = event(Venue.PUMPFUN, "TradeEvent", mint=key(name), is_buy=True, sol_amount=5, token_amount=50)
    return call(Venue.PUMPFUN, "multi_hop_curve_swap", [b"", payload])


def moved(mint: str, amount: int, program: str = TOKEN_2022) -> Node:
    data = bytes([12]) + amount.to_bytes(8, "little") + bytes([6])
    return Node(program, data, [address("from"), mint, address("to"), address("owner")])


def test_a_route_over_curves_alone_is_stated_by_pump_and_nothing_is_missing() -> None:
    route = call(Venue.PUMPSWAP, "multi_hop_swap", [], children=[curve_hop()])
    ledger = Ledger([Node(ROUTER), route])
    for shape in (ledger.rpc(), ledger.rpc(heights=False), ledger.webhook()):
        (row,) = rows(shape)
        assert (row.kind, row.venue, row.index, row.token_amount) == (Kind.TRADE, Venue.PUMPFUN, "1.0", 50)


def test_a_route_that_states_no_hop_at_all_is_missing_its_events() -> None:
    (row,) = rows(Ledger([call(Venue.PUMPSWAP, "multi_hop_swap", []), Node(ROUTER, children=[curve_hop()])]).rpc())[:1]
    assert (row.kind, row.reason, row.index) == (Kind.UNKNOWN, Reason.EVENT_MISSING, "0")


def test_a_self_cpi_that_carries_the_event_tag_alone_states_nothing() -> None:
    (row,) = rows(Ledger([curve_hop()]).rpc())
    assert (row.kind, row.reason) == (Kind.TRADE, None)


def test_the_token_program_is_read_from_the_token_calls_where_no_account_list_names_it() -> None:
    node = curve_hop()
    node.children = [moved(TOKEN, 50)]
    (row,) = rows(Ledger([node]).rpc())
    assert row.token_program == TOKEN_2022


def test_the_token_program_is_read_from_the_balances_where_no_account_list_names_it() -> None:
    tx = Ledger([curve_hop()]).rpc()
    tx["meta"]["postTokenBalances"] = [
        "not a balance",
        {"accountIndex": 1, "mint": TOKEN, "programId": SPL_TOKEN, "uiTokenAmount": {"amount": "50", "decimals": 6}},
    ]
    (row,) = rows(tx)
    assert row.token_program == SPL_TOKEN


def test_the_hops_of_a_route_take_their_token_programs_from_what_moved_them() -> None:
    bought = event(Venue.PUMPSWAP, "BuyEvent", pool=key("pool"), base_amount_out=8, quote_amount_in=3)
    node = call(Venue.PUMPSWAP, "multi_hop_swap", [bought], children=[moved(TOKEN, 8)])
    node.accounts += [TOKEN, WSOL, POOL, address("v1"), address("v2")]
    (row,) = rows(Ledger([node]).rpc())
    assert (row.token_mint, row.token_program) == (TOKEN, TOKEN_2022)


def test_a_token_call_that_cannot_be_read_leaves_the_token_program_unknown() -> None:
    node = curve_hop()
    node.children = [moved(TOKEN, 50)]
    tx = Ledger([node]).rpc()
    tx["meta"]["innerInstructions"][0]["instructions"][0]["accounts"] = [0, 999, 0]
    (row,) = rows(tx)
    assert (row.kind, row.token_program) == (Kind.TRADE, None)


@pytest.mark.parametrize(
    ("named", "shown", "want"),
    [
        ((SPL_TOKEN, SPL_TOKEN), None, SPL_TOKEN),
        ((SPL_TOKEN, TOKEN_2022), None, None),
        ((SPL_TOKEN, TOKEN_2022), TOKEN_2022, TOKEN_2022),
        ((SPL_TOKEN, TOKEN_2022), SPL_TOKEN, SPL_TOKEN),
    ],
)
def test_a_launchlab_migration_names_two_token_programs_and_the_token_has_the_one_that_moved_it(
    named: tuple[str, str], shown: str | None, want: str | None
) -> None:
    """Mainnet, October 2026: `base_token_program` is SPL Token though both mints are of Token-2022."""
    accounts = {"base_mint": TOKEN, "quote_mint": WSOL, "cpswap_pool": POOL}
    accounts |= {"base_token_program": named[0], "quote_token_program": named[1]}
    node = call(Venue.RAYDIUM_LAUNCHLAB, "migrate_to_cpswap", [], accounts=accounts)
    node.children = [moved(TOKEN, 7, shown)] if shown else []
    (row,) = rows(Ledger([node]).rpc())
    assert (row.kind, row.pool, row.token_program) == (Kind.MIGRATION, POOL, want)


def test_a_trade_after_a_migration_in_one_route_is_not_folded_into_it() -> None:
    left = event(Venue.PUMPFUN, "CompletePumpAmmMigrationEvent", mint=key("token"), pool=key("pool"))
    made = event(Venue.PUMPSWAP, "CreatePoolEvent", pool=key("pool"), base_mint=key("token"))
    bought = event(Venue.PUMPSWAP, "BuyEvent", pool=key("pool"), base_amount_out=8, quote_amount_in=3)
    mints = {"base_mint": TOKEN, "quote_mint": WSOL, "pool": POOL}
    create = call(Venue.PUMPSWAP, "create_pool", [made], accounts=mints)
    migrate = call(Venue.PUMPFUN, "migrate", [left], children=[create])
    buy = call(Venue.PUMPSWAP, "buy", [bought], accounts=mints)
    ledger = Ledger([Node(ROUTER, children=[migrate, buy])])
    for shape in (ledger.rpc(), ledger.rpc(heights=False), ledger.webhook(), ledger.notification()):
        got = rows(shape, DecodeContext())
        assert [(r.kind, r.venue) for r in got] == [(Kind.MIGRATION, Venue.PUMPFUN), (Kind.TRADE, Venue.PUMPSWAP)]
        assert (got[1].side, got[1].token_amount, got[1].token_mint) == (Side.BUY, 8, TOKEN)


def test_a_version_1_transaction_in_base64_gives_the_rows_of_its_json() -> None:
    ledger = Ledger([Node(ROUTER, children=[curve_hop()]), curve_hop("another token")])
    assert rows(ledger.wire_v1()) == rows(ledger.rpc())
    assert len(rows(ledger.rpc())) == 2
