"""What every whole transaction of the practice market shares: the transfers of a swap, the minting of a new token."""

from fluxdesk.core.events import Side
from fluxdesk.launches.context import SPL_TOKEN
from fluxdesk.launches.practice.accounts import authority, base_account, quote_account
from fluxdesk.launches.practice.draft import Inner, checked_transfer
from fluxdesk.launches.practice.invoke import SYSTEM, frame, said
from fluxdesk.launches.practice.pools import Fill
from fluxdesk.launches.practice.simulation import Happening
from fluxdesk.launches.practice.token import DECIMALS, SUPPLY
from fluxdesk.native.base58 import b58decode, b58encode


def own_accounts(h: Happening) -> tuple[str, str]:
    """The wallet's accounts of the token and of its quote."""
    return base_account(h.wallet, h.token), b58encode(quote_account(h.wallet, h.token.quote))


def legs(h: Happening, fill: Fill, owner: str) -> list[Inner]:
    """The two token transfers of a swap, the trader's first."""
    base, quote = h.vaults
    token = h.token
    mint, decimals = token.quote.text, token.quote.decimals
    mine, me = own_accounts(h), h.wallet.text
    if fill.side is Side.BUY:
        return [
            checked_transfer(SPL_TOKEN, mine[1], mint, quote, me, fill.cash, decimals),
            checked_transfer(SPL_TOKEN, base, token.text, mine[0], owner, fill.token, DECIMALS),
        ]
    return [
        checked_transfer(SPL_TOKEN, mine[0], token.text, base, me, fill.token, DECIMALS),
        checked_transfer(SPL_TOKEN, quote, mint, mine[1], owner, fill.cash, decimals),
    ]


def mint_calls(h: Happening) -> list[Inner]:
    """A new mint and its whole supply in the pool's vault."""
    token, owner = h.token, authority(h.venue)
    return [
        Inner(SPL_TOKEN, (token.text,), bytes([20, DECIMALS]) + b58decode(owner) + b"\0"),
        Inner(SPL_TOKEN, (token.text, h.vaults[0], owner), b"\x07" + SUPPLY.to_bytes(8, "little")),
    ]


def launch_lines(program: str, instruction: str) -> str:
    """Log lines of an instruction that makes a mint and a pool for it."""
    inside = [
        frame(SYSTEM, 2), frame(SPL_TOKEN, 2, said("initialize_mint2"), units=1_772),
        frame(SPL_TOKEN, 2, said("mint_to"), units=1_714), frame(program, 2, units=2_125),
    ]  # fmt: skip
    return frame(program, 1, said(instruction), *inside, units=137_887)
