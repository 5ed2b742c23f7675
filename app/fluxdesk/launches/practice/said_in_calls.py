"""Whole transactions of the practice market, as `getTransaction` answers them: for the programs that logs do not
tell.
"""

from collections.abc import Callable, Mapping

from fluxdesk.core.events import Side, Venue
from fluxdesk.launches.context import SPL_TOKEN
from fluxdesk.launches.practice import lab_calls, meteora_calls
from fluxdesk.launches.practice.accounts import authority, base_account, quote_account
from fluxdesk.launches.practice.draft import Draft, TokenBalance
from fluxdesk.launches.practice.market import NETWORK_FEE, Graduation
from fluxdesk.launches.practice.pools import Fill, vault_quote
from fluxdesk.launches.practice.simulation import Happening
from fluxdesk.launches.practice.token import DECIMALS
from fluxdesk.native.base58 import b58encode

_OTHER_LAMPORTS = 100_000_000
"""SOL of a payer whose trade is not in SOL; its real balance is no part of such an event."""
_LAUNCHES: Mapping[Venue, Callable[[Draft, Happening], None]] = {
    Venue.RAYDIUM_LAUNCHLAB: lab_calls.launch,
    Venue.METEORA_DBC: meteora_calls.dbc_launch,
}
_SWAPS: Mapping[Venue, Callable[[Draft, Happening, Fill], None]] = {
    Venue.RAYDIUM_LAUNCHLAB: lab_calls.buy,
    Venue.METEORA_DBC: meteora_calls.dbc_swap,
    Venue.METEORA_DAMM_V2: meteora_calls.damm_swap,
}
_MIGRATIONS: Mapping[Venue, Callable[[Draft, Happening, Graduation], None]] = {
    Venue.RAYDIUM_LAUNCHLAB: lab_calls.migration,
    Venue.METEORA_DBC: meteora_calls.dbc_migration,
}


def write(h: Happening) -> bytes:
    """The answer as UTF-8 JSON."""
    draft = Draft(h.wallet.text, *((h.token.text,) if h.deed == "launch" else ()))
    if h.deed == "failed":
        err = meteora_calls.failed_swap(draft, h)
        return _finish(draft, h._replace(fills=()), err)
    if h.deed == "launch":
        _LAUNCHES[h.venue](draft, h)
    elif h.graduation is not None:
        _MIGRATIONS[h.venue](draft, h, h.graduation)
    for fill in h.fills:
        _SWAPS[h.venue](draft, h, fill)
    return _finish(draft, h, None)


def _finish(draft: Draft, h: Happening, err: object) -> bytes:
    token, quote, cash, held = h.token, h.token.quote, h.cash, h.held
    for fill in h.fills:
        sign = 1 if fill.side is Side.BUY else -1
        cash -= sign * fill.cash
        held += sign * fill.token
    mine = base_account(h.wallet, token)
    balances = [TokenBalance(mine, token.text, h.wallet.text, SPL_TOKEN, h.held, held, DECIMALS)]
    if quote.nth == 0:
        lamports = h.cash, cash - NETWORK_FEE
    else:
        lamports = _OTHER_LAMPORTS, _OTHER_LAMPORTS - NETWORK_FEE
        account = b58encode(quote_account(h.wallet, quote))
        balances.append(TokenBalance(account, quote.text, h.wallet.text, SPL_TOKEN, h.cash, cash, quote.decimals))
    if h.fills:
        before, after = vault_quote(h.fills[0].before), vault_quote(h.fills[-1].after)
        owner = authority(h.venue)
        balances.append(TokenBalance(h.vaults[1], quote.text, owner, SPL_TOKEN, before, after, quote.decimals))
    return draft.finish(h.signature, h.slot, h.time_s, lamports, balances, err)
