"""Transactions of LaunchLab: its launch and migration, whose mints only the instruction's accounts tell, and its
trades.
"""

from fluxdesk.core.curves import launchlab
from fluxdesk.core.events import Side
from fluxdesk.launches.context import SPL_TOKEN
from fluxdesk.launches.layout_encode import event_writer, instruction_writer
from fluxdesk.launches.practice.accounts import (
    authority,
    config,
    events,
    named,
    place,
    place_key,
)
from fluxdesk.launches.practice.draft import Draft, checked_transfer, event_call
from fluxdesk.launches.practice.invoke import frame, said, transfer
from fluxdesk.launches.practice.market import Graduation
from fluxdesk.launches.practice.pools import LAB_RATES, Fill
from fluxdesk.launches.practice.programs import LAB
from fluxdesk.launches.practice.simulation import Happening
from fluxdesk.launches.practice.steps import launch_lines, legs, mint_calls, own_accounts
from fluxdesk.launches.practice.token import DECIMALS, SUPPLY

_CONSTANT = 0
"""`curve_param`: the constant-product curve."""


def launch(draft: Draft, h: Happening) -> None:
    """The mint, the pool and the terms of its curve."""
    token, fresh, name = h.token, h.pool, "initialize_v2"
    assert isinstance(fresh, launchlab.Curve)
    terms = {
        "base_mint_param.decimals": DECIMALS, "base_mint_param.name": token.name,
        "base_mint_param.symbol": token.symbol, "base_mint_param.uri": token.uri, "curve_param": _CONSTANT,
        "supply": SUPPLY, "total_base_sell": fresh.total_base_sell,
        "total_quote_fund_raising": fresh.total_quote_raise, "migrate_type": 1,
        "vesting_param.total_locked_amount": 0, "vesting_param.cliff_period": 0, "vesting_param.unlock_period": 0,
        "amm_fee_on": 0,
    }  # fmt: skip
    created = terms | {"pool_state": h.pool_key, "creator": h.wallet.key, "config": place_key(*config(token))}
    event = event_call(LAB, events(h.venue), event_writer(h.venue, "PoolCreateEvent").write(created))
    accounts = named(
        h.venue, name, payer=h.wallet.text, creator=h.wallet.text, global_config=place(*config(token)),
        platform_config=place("platform"), pool_state=h.pool_text, base_mint=token.text, quote_mint=token.quote.text,
        base_vault=h.vaults[0], quote_vault=h.vaults[1],
    )  # fmt: skip
    data = instruction_writer(h.venue, name).write(terms)
    draft.call(LAB, accounts, data, [*mint_calls(h), event], launch_lines(LAB, name))


def buy(draft: Draft, h: Happening, fill: Fill) -> None:
    """The creator's own first buy, in the launch's transaction; later trades are written to logs."""
    token, mine, name = h.token, own_accounts(h), "buy_exact_in"
    payload = trade_event(h, fill)
    inner = [*legs(h, fill, authority(h.venue)), event_call(LAB, events(h.venue), payload)]
    accounts = named(
        h.venue, name, payer=h.wallet.text, global_config=place(*config(token)), platform_config=place("platform"),
        pool_state=h.pool_text, user_base_token=mine[0], user_quote_token=mine[1],
        base_vault=h.vaults[0], quote_vault=h.vaults[1], base_token_mint=token.text, quote_token_mint=token.quote.text,
    )  # fmt: skip
    data = instruction_writer(h.venue, name).write(
        {"amount_in": fill.asked, "minimum_amount_out": 0, "share_fee_rate": LAB_RATES.share}
    )
    inside = [transfer(SPL_TOKEN, 2), transfer(SPL_TOKEN, 2), frame(LAB, 2, units=2_125)]
    draft.call(LAB, accounts, data, inner, frame(LAB, 1, said(name), *inside, units=61_877))


def trade_event(h: Happening, fill: Fill) -> bytes:
    """LaunchLab's TradeEvent of a fill."""
    before, after, trade = fill.before, fill.after, fill.result
    assert isinstance(before, launchlab.Curve)
    assert isinstance(after, launchlab.Curve)
    assert isinstance(trade, launchlab.Trade)
    buys = fill.side is Side.BUY
    return event_writer(h.venue, "TradeEvent").write(
        {
            "pool_state": h.pool_key, "total_base_sell": after.total_base_sell, "virtual_base": after.virtual_base,
            "virtual_quote": after.virtual_quote, "real_base_before": before.real_base,
            "real_quote_before": before.real_quote, "real_base_after": after.real_base,
            "real_quote_after": after.real_quote, "amount_in": trade.quote if buys else trade.base,
            "amount_out": trade.base if buys else trade.quote, "protocol_fee": trade.fees.protocol,
            "platform_fee": trade.fees.platform, "creator_fee": trade.fees.creator, "share_fee": trade.fees.share,
            "trade_direction": 0 if buys else 1, "pool_status": 1 if after.complete() else 0, "exact_in": True,
        }
    )  # fmt: skip


def migration(draft: Draft, h: Happening, g: Graduation) -> None:
    """The program states no event for this: what was raised and what was not for sale move to another exchange."""
    token, name = h.token, "migrate_to_cpswap"
    base, quote = place("cpswap base", token.text), place("cpswap quote", token.text)
    accounts = named(
        h.venue, name, payer=h.wallet.text, base_mint=token.text, quote_mint=token.quote.text,
        platform_config=place("platform"), cpswap_pool=token.pool_text, cpswap_base_vault=base,
        cpswap_quote_vault=quote, pool_state=h.pool_text, global_config=place(*config(token)), base_vault=h.vaults[0],
        quote_vault=h.vaults[1],
    )  # fmt: skip
    owner = authority(h.venue)
    inner = [
        checked_transfer(SPL_TOKEN, h.vaults[0], token.text, base, owner, g.token, DECIMALS),
        checked_transfer(SPL_TOKEN, h.vaults[1], token.quote.text, quote, owner, g.quote, token.quote.decimals),
    ]
    lines = frame(LAB, 1, said(name), transfer(SPL_TOKEN, 2), transfer(SPL_TOKEN, 2), units=210_000)
    draft.call(LAB, accounts, instruction_writer(h.venue, name).write({}), inner, lines)
