"""Transactions of pump.fun, PumpSwap and LaunchLab as a log subscription delivers them.

Field values follow the published IDLs and public transactions. What the market does not play (volume rewards, cashback,
holder rewards) is zero, as it is for tokens that do not use it. Token account addresses other than a wallet's own quote
account are hashes of wallet and mint, not derived addresses.
"""

from typing import Any

from pybase64 import b64encode_as_string

from fluxdesk.core.curves import pumpfun, pumpswap
from fluxdesk.core.events import Side, Venue
from fluxdesk.launches.context import SPL_TOKEN, TOKEN_2022
from fluxdesk.launches.layout_encode import event_writer
from fluxdesk.launches.practice.accounts import hashed, quote_account
from fluxdesk.launches.practice.actors import QUOTES, Quote
from fluxdesk.launches.practice.invoke import (
    ASSOCIATED,
    DATA,
    PROLOGUE,
    SLIPPAGE,
    SYSTEM,
    event,
    failed,
    fee_lookup,
    frame,
    said,
    transfer,
)
from fluxdesk.launches.practice.lab_calls import trade_event
from fluxdesk.launches.practice.market import Graduation, initial_liquidity
from fluxdesk.launches.practice.pools import PUMP_RATES, SWAP_RATES, Fill
from fluxdesk.launches.practice.programs import LAB, PUMP, SWAP
from fluxdesk.launches.practice.simulation import Happening
from fluxdesk.launches.practice.token import DECIMALS, SUPPLY, Token
from fluxdesk.native.base58 import b58decode

NONE = bytes(32)
_TOKEN_2022 = b58decode(TOKEN_2022)
_BUYBACK_BPS = 5_000
_MINIMUM_LIQUIDITY = 100
"""LP units that a new PumpSwap pool keeps for itself."""


class LogScribe:
    """Writes `logsNotification` values. Holds the layouts and line patterns, no state of the market."""

    def __init__(self) -> None:
        self._create = event_writer(Venue.PUMPFUN, "CreateEvent", "is_holder_reward")
        self._trade = event_writer(Venue.PUMPFUN, "TradeEvent", "holder_rewards")
        self._complete = event_writer(Venue.PUMPFUN, "CompleteEvent", "quote_mint")
        self._migrated = event_writer(Venue.PUMPFUN, "CompletePumpAmmMigrationEvent", "quote_mint")
        self._pool = event_writer(Venue.PUMPSWAP, "CreatePoolEvent", "can_edit_creator_fee")
        self._bought = event_writer(Venue.PUMPSWAP, "BuyEvent", "base_supply")
        self._sold = event_writer(Venue.PUMPSWAP, "SellEvent", "base_supply")
        self._recipient = hashed(b"protocol")
        self._patterns: dict[tuple[str, str, bool], list[str]] = {}
        self._create_lines = _split("," + _create_lines())
        self._migration_lines = [_split(_migration_lines(quote)) for quote in QUOTES]

    def write(self, h: Happening) -> bytes:
        """The notification's value as UTF-8 JSON."""
        text = [f'{{"signature":"{h.signature}","err":null,"logs":[']
        if h.deed == "migration":
            assert h.graduation is not None
            _weave(text, self._migration_lines[h.token.quote.nth], self._migration(h, h.graduation))
        elif h.deed == "failed":
            return self._failed(h)
        else:
            text.append(PROLOGUE)
            if h.deed == "launch":
                _weave(text, self._create_lines, [self._launch(h)])
            for fill in h.fills:
                _weave(text, self._pattern(h, fill), self._fill(h, fill))
        text.append(f'],"slot":{h.slot}}}')
        return "".join(text).encode()

    def _failed(self, h: Happening) -> bytes:
        name = _instruction(h, h.fills[0])
        program = {Venue.PUMPFUN: PUMP, Venue.PUMPSWAP: SWAP}.get(h.venue, LAB)
        lines = PROLOGUE + "," + failed(program, 1, said(name), units=31_000, code=SLIPPAGE)
        err = f'{{"InstructionError":[2,{{"Custom":{SLIPPAGE}}}]}}'
        return f'{{"signature":"{h.signature}","err":{err},"logs":[{lines}],"slot":{h.slot}}}'.encode()

    def _pattern(self, h: Happening, fill: Fill) -> list[str]:
        name = _instruction(h, fill)
        key = (h.venue.value, name, fill.complete)
        pattern = self._patterns.get(key)
        if pattern is None:
            pattern = self._patterns[key] = _split("," + _trade_lines(h.venue, name, fill.complete))
        return pattern

    def _fill(self, h: Happening, fill: Fill) -> list[bytes]:
        if h.venue is Venue.PUMPFUN:
            return self._pump_fill(h, fill)
        if h.venue is Venue.PUMPSWAP:
            return [self._swap_fill(h, fill)]
        return [trade_event(h, fill)]

    def _launch(self, h: Happening) -> bytes:
        token = h.token
        sol = token.quote.nth == 0
        fresh = h.pool
        assert isinstance(fresh, pumpfun.Curve)
        return self._create.write(
            {
                "name": token.name, "symbol": token.symbol, "uri": token.uri, "mint": token.key,
                "bonding_curve": h.pool_key, "user": h.wallet.key, "creator": h.wallet.key, "timestamp": h.time_s,
                "virtual_token_reserves": fresh.virtual_token,
                "virtual_sol_reserves": fresh.virtual_quote if sol else 0, "real_token_reserves": fresh.real_token,
                "token_total_supply": SUPPLY, "token_program": _TOKEN_2022, "is_mayhem_mode": False,
                "is_cashback_enabled": False, "quote_mint": _quote_key(token),
                "virtual_quote_reserves": fresh.virtual_quote, "creator_fee_bps": 0, "is_holder_reward": False,
            }
        )  # fmt: skip

    def _pump_fill(self, h: Happening, fill: Fill) -> list[bytes]:
        token, trade, curve = h.token, fill.result, fill.after
        assert isinstance(trade, pumpfun.Trade)
        assert isinstance(curve, pumpfun.Curve)
        sol = token.quote.nth == 0
        traded = self._trade.write(
            {
                "mint": token.key, "sol_amount": trade.quote if sol else 0, "token_amount": trade.token,
                "is_buy": fill.side is Side.BUY, "user": h.wallet.key, "timestamp": h.time_s,
                "virtual_sol_reserves": curve.virtual_quote if sol else 0,
                "virtual_token_reserves": curve.virtual_token, "real_sol_reserves": curve.real_quote if sol else 0,
                "real_token_reserves": curve.real_token, "fee_recipient": self._recipient,
                "fee_basis_points": PUMP_RATES.protocol_bps, "fee": trade.protocol_fee, "creator": token.creator.key,
                "creator_fee_basis_points": PUMP_RATES.creator_bps, "creator_fee": trade.creator_fee,
                "track_volume": False, "total_unclaimed_tokens": 0, "total_claimed_tokens": 0,
                "current_sol_volume": 0, "last_update_timestamp": 0, "ix_name": _instruction(h, fill),
                "mayhem_mode": False, "cashback_fee_basis_points": 0, "cashback": 0,
                "buyback_fee_basis_points": _BUYBACK_BPS, "buyback_fee": trade.protocol_fee * _BUYBACK_BPS // 10_000,
                "shareholders": (), "quote_mint": _quote_key(token), "quote_amount": trade.quote,
                "virtual_quote_reserves": curve.virtual_quote, "real_quote_reserves": curve.real_quote,
                "holder_rewards_bps": 0, "holder_rewards": 0,
            }
        )  # fmt: skip
        if not fill.complete:
            return [traded]
        done = {
            "user": h.wallet.key, "mint": token.key, "bonding_curve": h.pool_key, "timestamp": h.time_s,
            "quote_mint": _quote_key(token),
        }  # fmt: skip
        return [traded, self._complete.write(done)]

    def _swap_fill(self, h: Happening, fill: Fill) -> bytes:
        token, swap, pool = h.token, fill.result, fill.before
        assert isinstance(swap, pumpswap.Swap)
        assert isinstance(pool, pumpswap.Pool)
        buys = fill.side is Side.BUY
        values: dict[str, Any] = {
            "timestamp": h.time_s, "user_base_token_reserves": h.held, "user_quote_token_reserves": h.cash,
            "pool_base_token_reserves": pool.base, "pool_quote_token_reserves": pool.quote,
            "lp_fee_basis_points": SWAP_RATES.lp_bps, "lp_fee": swap.lp_fee,
            "protocol_fee_basis_points": SWAP_RATES.protocol_bps, "protocol_fee": swap.protocol_fee,
            "pool": h.pool_key, "user": h.wallet.key, "user_base_token_account": hashed(h.wallet.key, token.key),
            "user_quote_token_account": quote_account(h.wallet, token.quote), "protocol_fee_recipient": self._recipient,
            "protocol_fee_recipient_token_account": hashed(self._recipient, token.quote.mint),
            "coin_creator": token.creator.key, "coin_creator_fee_basis_points": SWAP_RATES.creator_bps,
            "coin_creator_fee": swap.creator_fee, "cashback_fee_basis_points": 0, "cashback": 0,
            "buyback_fee_basis_points": 0, "buyback_fee": 0, "virtual_quote_reserves": pool.virtual_quote,
            "can_boost": False, "base_supply": SUPPLY,
        }  # fmt: skip
        if buys:
            values |= {
                "base_amount_out": swap.base, "max_quote_amount_in": fill.asked, "quote_amount_in": swap.quote,
                "quote_amount_in_with_lp_fee": swap.quote + swap.lp_fee, "user_quote_amount_in": swap.paid(),
                "track_volume": False, "total_unclaimed_tokens": 0, "total_claimed_tokens": 0, "current_sol_volume": 0,
                "last_update_timestamp": 0, "min_base_amount_out": swap.base, "ix_name": _instruction(h, fill),
            }  # fmt: skip
            return self._bought.write(values)
        values |= {
            "base_amount_in": swap.base, "min_quote_amount_out": swap.received(), "quote_amount_out": swap.quote,
            "quote_amount_out_without_lp_fee": swap.quote - swap.lp_fee, "user_quote_amount_out": swap.received(),
        }  # fmt: skip
        return self._sold.write(values)

    def _migration(self, h: Happening, g: Graduation) -> list[bytes]:
        token = h.token
        curve = b58decode(_curve_text(token))
        liquidity = initial_liquidity(g)
        pool = self._pool.write(
            {
                "timestamp": h.time_s, "index": 0, "creator": hashed(b"pool authority", token.key),
                "base_mint": token.key, "quote_mint": token.quote.mint, "base_mint_decimals": DECIMALS,
                "quote_mint_decimals": token.quote.decimals, "base_amount_in": g.token, "quote_amount_in": g.quote,
                "pool_base_amount": g.token, "pool_quote_amount": g.quote, "minimum_liquidity": _MINIMUM_LIQUIDITY,
                "initial_liquidity": liquidity, "lp_token_amount_out": liquidity - _MINIMUM_LIQUIDITY,
                "pool_bump": 255, "pool": token.pool_key, "lp_mint": hashed(b"lp", token.key),
                "user_base_token_account": hashed(b"pool authority", token.key, b"base"),
                "user_quote_token_account": hashed(b"pool authority", token.key, b"quote"),
                "coin_creator": token.creator.key, "is_mayhem_mode": False, "creator_fee_bps": 0,
                "can_edit_creator_fee": False,
            }
        )  # fmt: skip
        moved = self._migrated.write(
            {
                "user": h.wallet.key, "mint": token.key, "mint_amount": g.token, "sol_amount": g.quote,
                "pool_migration_fee": g.fee, "bonding_curve": curve, "timestamp": h.time_s, "pool": token.pool_key,
                "quote_mint": _quote_key(token),
            }
        )  # fmt: skip
        return [pool, moved]


def _split(lines: str) -> list[str]:
    """Log lines cut where payloads stand."""
    return lines.split("%s")


def _weave(text: list[str], pattern: list[str], payloads: list[bytes]) -> None:
    """The lines with their payloads in base64; as many as there are places for."""
    for piece, payload in zip(pattern, payloads, strict=False):
        text.append(piece)
        text.append(b64encode_as_string(payload))
    text.append(pattern[len(payloads)])


def _quote_key(token: Token) -> bytes:
    """pump.fun writes SOL as the zero key."""
    return NONE if token.quote.nth == 0 else token.quote.mint


def _curve_text(token: Token) -> str:
    from fluxdesk.launches.venues.common import curve_address

    return curve_address(PUMP, token.text)


_PUMP_NAMES = (("buy_exact_sol_in", "buy", "sell"), ("buy_exact_quote_in_v2", "buy_v2", "sell_v2"))
"""Instructions for a SOL quote, and for another one."""


def _instruction(h: Happening, fill: Fill) -> str:
    if h.venue is Venue.PUMPFUN:
        return _PUMP_NAMES[h.token.quote.nth > 0][2 if fill.side is Side.SELL else fill.exact_tokens]
    if h.venue is Venue.PUMPSWAP:
        return "sell" if fill.side is Side.SELL else "buy" if fill.exact_tokens else "buy_exact_quote_in"
    return "sell_exact_in" if fill.side is Side.SELL else "buy_exact_in"


def _trade_lines(venue: str, name: str, complete: bool) -> str:
    if venue == Venue.PUMPSWAP:
        inside = [fee_lookup(2, *SWAP_RATES), transfer(TOKEN_2022, 2), *[transfer(SPL_TOKEN, 2)] * 3, event(SWAP, 1)]
        return frame(SWAP, 1, said(name), *inside, units=98_412)
    if venue == Venue.RAYDIUM_LAUNCHLAB:
        inside = [frame(LAB, 2, units=2_125), transfer(SPL_TOKEN, 2), transfer(SPL_TOKEN, 2), DATA]
        return frame(LAB, 1, said(name), *inside, units=61_877)
    paid = [transfer(SPL_TOKEN, 2)] * 3 if name.endswith("v2") else [frame(SYSTEM, 2)] * 4
    inside = [fee_lookup(2, 0, *PUMP_RATES), transfer(TOKEN_2022, 2), *paid, event(PUMP, 1)]
    if complete:
        inside.append(event(PUMP, 1))
    return frame(PUMP, 1, said(name), *inside, units=71_354)


def _create_lines() -> str:
    account = frame(
        ASSOCIATED, 2, '"Program log: Create"',
        frame(TOKEN_2022, 3, said("get_account_data_size"), units=1_447), frame(SYSTEM, 3),
        frame(TOKEN_2022, 3, said("initialize_immutable_owner"), units=736),
        frame(TOKEN_2022, 3, said("initialize_account3"), units=1_969), units=16_947,
    )  # fmt: skip
    return frame(
        PUMP, 1, said("create_v2"), frame(SYSTEM, 2),
        frame(TOKEN_2022, 2, '"Program log: MetadataPointerInstruction::Initialize"', units=925),
        frame(TOKEN_2022, 2, said("initialize_mint2"), units=1_772), frame(SYSTEM, 2), account,
        frame(TOKEN_2022, 2, '"Program log: TokenMetadataInstruction: Initialize"', units=3_522),
        frame(TOKEN_2022, 2, said("mint_to"), units=1_714), frame(TOKEN_2022, 2, said("set_authority"), units=1_044),
        event(PUMP, 1), units=99_196,
    )  # fmt: skip


def _migration_lines(quote: Quote) -> str:
    pool = frame(
        SWAP, 2, said("create_pool"), frame(SYSTEM, 3), transfer(TOKEN_2022, 3), transfer(SPL_TOKEN, 3),
        frame(TOKEN_2022, 3, said("mint_to"), units=1_714), event(SWAP, 2), units=131_870,
    )  # fmt: skip
    name = "migrate" if quote.nth == 0 else "migrate_v2"
    inside = [transfer(TOKEN_2022, 2), frame(SYSTEM, 2), pool, event(PUMP, 1)]
    return PROLOGUE + "," + frame(PUMP, 1, said(name), *inside, units=212_540)
