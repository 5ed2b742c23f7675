"""Transactions of the two Meteora programs, which state events in calls to themselves and in no log line."""

from functools import lru_cache
from typing import Any

from fluxdesk.core.curves import meteora_damm, meteora_dbc
from fluxdesk.core.curves.concentrated import MAX_SQRT_PRICE, MIN_SQRT_PRICE
from fluxdesk.core.events import Side, Venue
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
from fluxdesk.launches.practice.draft import Draft, Inner, checked_transfer, event_call
from fluxdesk.launches.practice.invoke import SLIPPAGE, failed, frame, said, transfer
from fluxdesk.launches.practice.market import Graduation
from fluxdesk.launches.practice.pools import METEORA_FEE, DbcPool, Fill
from fluxdesk.launches.practice.programs import BY_VENUE, DAMM, DBC
from fluxdesk.launches.practice.simulation import Happening
from fluxdesk.launches.practice.steps import launch_lines, legs, mint_calls, own_accounts
from fluxdesk.launches.practice.token import DECIMALS, SUPPLY

_PARTIAL_FILL = 1
"""`swap_mode` of a buy that takes what is left of the curve."""
_EXACT_IN = 0
_QUOTE_ONLY = 1
"""DAMM v2's `collect_fee_mode` for fees in token B."""


def _swap_accounts(h: Happening, buys: bool) -> list[str]:
    mine = own_accounts(h)[::-1] if buys else own_accounts(h)
    base, quote = h.vaults
    token = h.token
    if h.venue is Venue.METEORA_DBC:
        return named(
            h.venue, "swap2", config=place(*config(token)), pool=h.pool_text, input_token_account=mine[0],
            output_token_account=mine[1], base_vault=base, quote_vault=quote, base_mint=token.text,
            quote_mint=token.quote.text, payer=h.wallet.text,
            referral_token_account=DBC,
        )  # fmt: skip
    return named(
        h.venue, "swap2", pool=h.pool_text, input_token_account=mine[0], output_token_account=mine[1],
        token_a_vault=base, token_b_vault=quote, token_a_mint=token.text, token_b_mint=token.quote.text,
        payer=h.wallet.text, referral_token_account=DAMM,
    )  # fmt: skip


def failed_swap(draft: Draft, h: Happening) -> dict[str, list[object]]:
    """A swap that ended in a slippage error; the transaction's error."""
    fill, program = h.fills[0], BY_VENUE[h.venue]
    data = instruction_writer(h.venue, "swap2").write(
        {"params.amount_0": fill.asked, "params.amount_1": fill.quote, "params.swap_mode": _EXACT_IN}
    )
    lines = failed(program, 1, said("swap2"), units=31_000, code=SLIPPAGE)
    draft.call(program, _swap_accounts(h, fill.side is Side.BUY), data, (), lines)
    return {"InstructionError": [1, {"Custom": SLIPPAGE}]}


def dbc_swap(draft: Draft, h: Happening, fill: Fill) -> None:
    """A swap on the curve, stated twice as the program does, and the curve's completion."""
    swap, after = fill.result, fill.after
    assert isinstance(swap, meteora_dbc.Swap)
    assert isinstance(after, DbcPool)
    buys = fill.side is Side.BUY
    mode = _PARTIAL_FILL if buys else _EXACT_IN
    common: dict[str, Any] = {
        "pool": h.pool_key, "config": place_key(*config(h.token)), "trade_direction": int(buys), "has_referral": False,
        "swap_result.output_amount": swap.out, "swap_result.next_sqrt_price": swap.pool.sqrt_price,
        "swap_result.trading_fee": swap.trading_fee, "swap_result.protocol_fee": swap.protocol_fee,
        "swap_result.referral_fee": 0, "current_timestamp": h.time_s,
    }  # fmt: skip
    older = common | {
        "params.amount_in": fill.asked, "params.minimum_amount_out": 0,
        "swap_result.actual_input_amount": swap.excluded_in, "amount_in": swap.included_in,
    }  # fmt: skip
    newer = common | {
        "swap_parameters.amount_0": fill.asked, "swap_parameters.amount_1": 0, "swap_parameters.swap_mode": mode,
        "swap_result.included_fee_input_amount": swap.included_in,
        "swap_result.excluded_fee_input_amount": swap.excluded_in, "swap_result.amount_left": swap.left,
        "quote_reserve_amount": swap.pool.quote_reserve, "migration_threshold": after.config.threshold,
    }  # fmt: skip
    speaker = events(h.venue)
    inner = legs(h, fill, authority(h.venue))
    inner.append(event_call(DBC, speaker, event_writer(h.venue, "EvtSwap").write(older)))
    inner.append(event_call(DBC, speaker, event_writer(h.venue, "EvtSwap2").write(newer)))
    stated = 2
    if fill.complete:
        left = SUPPLY - sum(h.token.holdings.values())  # nobody trades between completion and migration
        complete = {
            "pool": h.pool_key, "config": place_key(*config(h.token)), "base_reserve": left,
            "quote_reserve": swap.pool.quote_reserve,
        }  # fmt: skip
        inner.append(event_call(DBC, speaker, event_writer(h.venue, "EvtCurveComplete").write(complete)))
        stated = 3
    data = instruction_writer(h.venue, "swap2").write(
        {"params.amount_0": fill.asked, "params.amount_1": 0, "params.swap_mode": mode}
    )
    draft.call(DBC, _swap_accounts(h, buys), data, inner, _swap_lines(DBC, stated))


@lru_cache(maxsize=16)
def _swap_lines(program: str, events: int) -> str:
    inside = [transfer(SPL_TOKEN, 2), transfer(SPL_TOKEN, 2), *[frame(program, 2, units=2_125)] * events]
    return frame(program, 1, said("swap2"), *inside, units=54_902)


def damm_swap(draft: Draft, h: Happening, fill: Fill) -> None:
    """A swap in the pool."""
    swap = fill.result
    assert isinstance(swap, meteora_damm.Swap)
    buys = fill.side is Side.BUY
    values = {
        "pool": h.pool_key, "trade_direction": int(buys), "collect_fee_mode": _QUOTE_ONLY, "has_referral": False,
        "params.amount_0": fill.asked, "params.amount_1": 0, "params.swap_mode": _EXACT_IN,
        "swap_result.included_fee_input_amount": swap.included_in,
        "swap_result.excluded_fee_input_amount": swap.excluded_in, "swap_result.amount_left": 0,
        "swap_result.output_amount": swap.out, "swap_result.next_sqrt_price": swap.pool.sqrt_price,
        "swap_result.claiming_fee": swap.trading_fee, "swap_result.protocol_fee": swap.protocol_fee,
        "swap_result.compounding_fee": 0, "swap_result.referral_fee": 0,
        "included_transfer_fee_amount_in": swap.included_in, "included_transfer_fee_amount_out": swap.out,
        "excluded_transfer_fee_amount_out": swap.out, "current_timestamp": h.time_s, "reserve_a_amount": swap.pool.base,
        "reserve_b_amount": swap.pool.quote,
    }  # fmt: skip
    inner = legs(h, fill, authority(h.venue))
    inner.append(event_call(DAMM, events(h.venue), event_writer(h.venue, "EvtSwap2").write(values)))
    data = instruction_writer(h.venue, "swap2").write(
        {"params.amount_0": fill.asked, "params.amount_1": 0, "params.swap_mode": _EXACT_IN}
    )
    draft.call(DAMM, _swap_accounts(h, buys), data, inner, _swap_lines(DAMM, 1))


def dbc_launch(draft: Draft, h: Happening) -> None:
    """The mint and its virtual pool."""
    token, name = h.token, "initialize_virtual_pool_with_spl_token"
    created = {
        "pool": h.pool_key, "config": place_key(*config(token)), "creator": h.wallet.key, "base_mint": token.key,
        "pool_type": 0, "activation_point": h.time_s,
    }  # fmt: skip
    event = event_call(DBC, events(h.venue), event_writer(h.venue, "EvtInitializePool").write(created))
    accounts = named(
        h.venue, name, config=place(*config(token)), creator=h.wallet.text, base_mint=token.text,
        quote_mint=token.quote.text, pool=h.pool_text, base_vault=h.vaults[0], quote_vault=h.vaults[1],
        payer=h.wallet.text,
    )  # fmt: skip
    data = instruction_writer(h.venue, name).write(
        {"params.name": token.name, "params.symbol": token.symbol, "params.uri": token.uri}
    )
    draft.call(DBC, accounts, data, [*mint_calls(h), event], launch_lines(DBC, name))


def dbc_migration(draft: Draft, h: Happening, g: Graduation) -> None:
    """The curve's quote and spare tokens into a new DAMM v2 pool; the bonding-curve program states no event for it."""
    token, pool = h.token, g.pool
    assert isinstance(pool, meteora_damm.Pool)
    created = {
        "pool": token.pool_key, "token_a_mint": token.key, "token_b_mint": token.quote.mint,
        "creator": token.creator.key, "payer": h.wallet.key, "alpha_vault": bytes(32),
        "pool_fees.base_fee.data": METEORA_FEE.to_bytes(8, "little") + bytes(19), "pool_fees.compounding_fee_bps": 0,
        "pool_fees.padding": 0, "pool_fees.dynamic_fee": None, "sqrt_min_price": MIN_SQRT_PRICE,
        "sqrt_max_price": MAX_SQRT_PRICE, "activation_type": 1, "collect_fee_mode": _QUOTE_ONLY,
        "liquidity": pool.liquidity, "sqrt_price": pool.sqrt_price, "activation_point": h.time_s, "token_a_flag": 0,
        "token_b_flag": 0, "token_a_amount": g.token, "token_b_amount": g.quote, "total_amount_a": g.token,
        "total_amount_b": g.quote, "pool_type": 1,
    }  # fmt: skip
    terms = {
        "params.pool_fees.base_fee.data": created["pool_fees.base_fee.data"], "params.pool_fees.compounding_fee_bps": 0,
        "params.pool_fees.padding": 0, "params.pool_fees.dynamic_fee": None, "params.sqrt_min_price": MIN_SQRT_PRICE,
        "params.sqrt_max_price": MAX_SQRT_PRICE, "params.has_alpha_vault": False, "params.liquidity": pool.liquidity,
        "params.sqrt_price": pool.sqrt_price, "params.activation_type": 1, "params.collect_fee_mode": _QUOTE_ONLY,
        "params.activation_point": None,
    }  # fmt: skip
    damm, name = Venue.METEORA_DAMM_V2, "initialize_pool_with_dynamic_config"
    old, new = h.vaults, token.vaults
    pool_accounts = named(
        damm, name, creator=token.creator.text, payer=h.wallet.text, pool=token.pool_text, token_a_mint=token.text,
        token_b_mint=token.quote.text, token_a_vault=new[0], token_b_vault=new[1], payer_token_a=old[0],
        payer_token_b=old[1],
    )  # fmt: skip
    owner = authority(h.venue)
    inner = [
        Inner(DAMM, pool_accounts, instruction_writer(damm, name).write(terms)),
        checked_transfer(SPL_TOKEN, old[0], token.text, new[0], owner, g.token, DECIMALS, 3),
        checked_transfer(SPL_TOKEN, old[1], token.quote.text, new[1], owner, g.quote, token.quote.decimals, 3),
        event_call(DAMM, events(damm), event_writer(damm, "EvtInitializePool").write(created), 3),
    ]
    accounts = named(
        h.venue, "migration_damm_v2", virtual_pool=h.pool_text, config=place(*config(token)), pool=token.pool_text,
        amm_program=DAMM, base_mint=token.text, quote_mint=token.quote.text, token_a_vault=new[0], token_b_vault=new[1],
        base_vault=old[0], quote_vault=old[1], payer=h.wallet.text,
        damm_event_authority=events(damm),
    )  # fmt: skip
    inside = frame(
        DAMM, 2, said(name), transfer(SPL_TOKEN, 3), transfer(SPL_TOKEN, 3), frame(DAMM, 3, units=2_125), units=160_000
    )
    lines = frame(DBC, 1, said("migration_damm_v2"), inside, units=230_000)
    draft.call(DBC, accounts, instruction_writer(h.venue, "migration_damm_v2").write({}), inner, lines)
