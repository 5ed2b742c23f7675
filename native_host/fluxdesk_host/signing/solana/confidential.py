"""Token-2022's encrypted balances: transfers, fees, minting and burning whose amounts the bytes do not say.

Source: the `instruction` modules of the extensions confidential_transfer (tag 27), confidential_transfer_fee (37) and
confidential_mint_burn (42). An amount that is encrypted is said to be, and the instruction is not complete.
"""

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.solana.instruction import Data, Instruction
from fluxdesk_host.signing.text import units

TRANSFERS, FEES, MINT_AND_BURN = 27, 37, 42
_BALANCE, _AMOUNT, _KEY = 36, 64, 32
"""Bytes of an encrypted balance, of an encrypted amount, of a key to encrypt with."""
_SIZES = {
    (TRANSFERS, 0): _KEY + 1 + _KEY, (TRANSFERS, 1): 1 + _KEY, (TRANSFERS, 2): _BALANCE + 8 + 1, (TRANSFERS, 3): 0,
    (TRANSFERS, 4): 1, (TRANSFERS, 5): 9, (TRANSFERS, 6): 9 + _BALANCE + 2, (TRANSFERS, 7): _BALANCE + 2 * _AMOUNT + 3,
    (TRANSFERS, 8): 8 + _BALANCE, (TRANSFERS, 9): 0, (TRANSFERS, 10): 0, (TRANSFERS, 11): 0, (TRANSFERS, 12): 0,
    (TRANSFERS, 13): _BALANCE + 2 * _AMOUNT + 5, (TRANSFERS, 14): 0,
    (FEES, 0): 2 * _KEY, (FEES, 1): 1 + _BALANCE, (FEES, 2): 2 + _BALANCE, (FEES, 3): 0, (FEES, 4): 0, (FEES, 5): 0,
    (MINT_AND_BURN, 0): _KEY + _BALANCE, (MINT_AND_BURN, 1): _KEY + 1, (MINT_AND_BURN, 2): _BALANCE,
    (MINT_AND_BURN, 3): _BALANCE + 2 * _AMOUNT + 3, (MINT_AND_BURN, 4): _BALANCE + 2 * _AMOUNT + 3,
    (MINT_AND_BURN, 5): 0,
}  # fmt: skip
_WORDS = {
    (TRANSFERS, 0): "sets token {} up for encrypted balances",
    (TRANSFERS, 1): "changes the rules for encrypted balances of token {}",
    (TRANSFERS, 2): "sets token account {} up for encrypted balances",
    (TRANSFERS, 3): "allows token account {} encrypted balances",
    (TRANSFERS, 4): "empties the encrypted balance of {}, which has to be nothing",
    (TRANSFERS, 8): "makes what token account {} has received in encrypted form usable",
    (TRANSFERS, 9): "lets token account {} receive encrypted amounts",
    (TRANSFERS, 10): "stops token account {} from receiving encrypted amounts",
    (TRANSFERS, 11): "lets token account {} receive plain amounts",
    (TRANSFERS, 12): "stops token account {} from receiving plain amounts",
    (TRANSFERS, 14): "sets token account {} up for encrypted balances",
    (FEES, 0): "sets token {} up for encrypted fees",
    (FEES, 3): "collects the encrypted fees of token {} in its mint",
    (FEES, 4): "lets encrypted fees of token {} be collected",
    (FEES, 5): "stops encrypted fees of token {} from being collected",
    (MINT_AND_BURN, 0): "sets token {} up for an encrypted supply",
    (MINT_AND_BURN, 1): "changes the key that the supply of token {} is encrypted with",
    (MINT_AND_BURN, 2): "writes the supply of token {} down anew",
    (MINT_AND_BURN, 5): "takes what was burnt off the encrypted supply of token {}",
}


def read(ix: Instruction, d: Data, tag: int) -> str | None:
    """The phrase of an instruction of one of the three extensions; None for one that is not known exactly. Raises
    `BadData`.
    """
    sub = d.number(1)
    size = _SIZES.get((tag, sub))
    if size is None:
        return None
    body = d.take(size)
    d.end()
    target = ix.at(0)
    if (tag, sub) in _WORDS:
        ix.warn("token-setup")
        ix.effect(EffectKind.ACCOUNT, asset=f"account:{target}", source=ix.known(0))
        return _WORDS[tag, sub].format(target)
    if tag == TRANSFERS and sub in (5, 6):
        return _in_or_out(ix, sub == 5, int.from_bytes(body[:8], "little"), body[8])
    ix.warn("confidential-amount")
    ix.draft.unread(ix.place, "encrypted amount", body)
    if tag == TRANSFERS:
        ix.warn("token-transfer")
        ix.at(3)
        ix.effect(EffectKind.TOKEN_OUT, asset=f"spl:{ix.at(1)}", source=ix.known(0), to=ix.known(2))
        return f"sends an encrypted amount of token {ix.at(1)} from {target} to token account {ix.at(2)}"
    if tag == FEES:
        ix.warn("token-transfer")
        ix.effect(EffectKind.TOKEN_OUT, asset=f"spl:{target}", source=ix.known(0), to=ix.known(1))
        return f"pays the encrypted fees that token {target} has kept to {ix.at(1)}"
    mints = sub == 3
    ix.warn("token-mint" if mints else "token-burn")
    side = {"to": ix.known(0)} if mints else {"source": ix.known(0)}
    ix.effect(EffectKind.MINT if mints else EffectKind.BURN, asset=f"spl:{ix.at(1)}", **side)
    return f"{'creates' if mints else 'destroys'} an encrypted amount of token {ix.at(1)} in {target}"


def _in_or_out(ix: Instruction, hides: bool, amount: int, decimals: int) -> str:
    """Deposit and withdrawal: the amount is plain, and stays in the same token account."""
    ix.at(2)
    ix.warn("token-setup")
    ix.effect(EffectKind.ACCOUNT, asset=f"spl:{ix.at(1)}", amount=amount, source=ix.known(0), to=ix.known(0))
    verb = "moves {} into" if hides else "moves {} out of"
    what = f"{units(amount, decimals)} of token {ix.at(1)}"
    return f"{verb.format(what)} the encrypted balance of {ix.at(0)}"
