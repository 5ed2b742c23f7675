"""What Token-2022 adds to SPL Token: fees, hooks, delegates for good, guards, confidential amounts.

Source: the Token-2022 program's `TokenInstruction` from tag 25 on, and the `instruction` modules of its extensions.
"""

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.solana import confidential
from fluxdesk_host.signing.solana.instruction import Data, Instruction
from fluxdesk_host.signing.text import units

EXCESS, UNWRAP = 38, 45
"""Instructions that the newer SPL Token program has as well."""
_POINTERS = {36: "transfer hook", 39: "metadata pointer", 40: "group pointer", 41: "member pointer"}
_SWITCHES = {30: "demand for a memo", 34: "guard against calls by other programs"}


def read(ix: Instruction, d: Data, tag: int) -> str | None:
    """The phrase of an instruction from tag 25 on; None for one that is not known exactly. Raises `BadData`."""
    target = ix.at(0)
    if tag == 26:
        return _fees(ix, d)
    if tag == 25:
        to = d.key() if d.option() else None
        d.end()
        return _set_up(ix, f"lets {to or 'nobody'} close token {target}", to)
    if tag == 28:
        sub, state = d.number(1), d.number(1)
        d.end()
        if sub > 1 or state > 2:
            return None
        return _set_up(ix, f"makes new accounts of token {target} start {('unusable', 'open', 'frozen')[state]}", None)
    if tag == 29:
        kinds = len(ix.data) - 1
        if kinds % 2:
            return None
        ix.warn("account-created")
        ix.effect(EffectKind.ACCOUNT, asset=f"account:{target}", source=ix.known(1))
        return f"makes token account {target} larger"
    if tag in _SWITCHES:
        on = d.number(1)
        d.end()
        if on > 1:
            return None
        return _set_up(ix, f"turns the {_SWITCHES[tag]} of {target} {'off' if on else 'on'}", None)
    if tag == 31:
        d.end()
        return _set_up(ix, "sets up wrapped SOL", None)
    if tag == 32:
        d.end()
        return _set_up(ix, f"makes token {target} impossible to pass on", None)
    if tag == 35:
        to = d.key()
        d.end()
        ix.warn("token-delegate-all", to=to)
        ix.effect(EffectKind.OWNERSHIP, asset=f"spl:{target}", to=to, unlimited=True)
        return f"lets {to} move or destroy everyone's tokens of {target}"
    if tag in (confidential.TRANSFERS, confidential.FEES, confidential.MINT_AND_BURN):
        return confidential.read(ix, d, tag)
    if tag in (EXCESS, UNWRAP):
        return _lamports(ix, d, tag)
    if tag in (33, 43):
        return _shown_amount(ix, d, tag)
    if tag == 46:
        return _permissioned_burn(ix, d)
    if tag in _POINTERS:
        return _pointer(ix, d, tag)
    if tag == 44:
        sub = d.number(1)
        if sub == 0:
            d.key()
        d.end()
        if sub > 2:
            return None
        ix.warn("freezes")
        ix.effect(EffectKind.ACCOUNT, asset=f"spl:{target}")
        return f"{('makes it possible to stop', 'stops', 'restarts')[sub]} token {target}"
    return None


def _lamports(ix: Instruction, d: Data, tag: int) -> str:
    """Lamports out of a token account: what it has too much, or wrapped SOL that is unwrapped."""
    amount = d.number(8) if tag == UNWRAP and d.option() else None
    d.end()
    ix.at(2)
    if ix.mine(1):
        ix.warn("wraps")
        ix.effect(EffectKind.ACCOUNT, asset=f"account:{ix.at(0)}", amount=amount, source=ix.known(0), to=ix.known(1))
    else:
        ix.warn("lamports-to-other", to=ix.at(1))
        ix.effect(EffectKind.NATIVE_OUT, asset="native", amount=amount, source=ix.known(0), to=ix.known(1))
    if tag == EXCESS:
        return f"sends the SOL that {ix.at(0)} has too much to {ix.at(1)}"
    what = "all SOL" if amount is None else f"{units(amount, 9)} SOL"
    return f"unwraps {what} of {ix.at(0)} for {ix.at(1)}"


def _shown_amount(ix: Instruction, d: Data, tag: int) -> str | None:
    """Interest (33) and scale (43): amounts are shown as others than they are; the amounts themselves stay."""
    sub = d.number(1)
    if sub > 1:
        return None
    if sub == 0:
        d.key()
    d.take(2 if tag == 33 else 8)
    if tag == 43 and sub == 1:
        d.take(8)
    d.end()
    ix.warn("shown-amount")
    what = "an interest rate" if tag == 33 else "a multiplier"
    return _set_up(ix, f"gives token {ix.at(0)} {what} that amounts are shown with", None)


def _permissioned_burn(ix: Instruction, d: Data) -> str | None:
    sub = d.number(1)
    if sub == 0:
        to = d.key()
        d.end()
        return _set_up(ix, f"lets token {ix.at(0)} be burnt only together with {to}", to)
    if sub > 2:
        return None
    amount = d.number(8)
    decimals = d.number(1) if sub == 2 else None
    d.end()
    ix.at(3)
    ix.warn("token-burn")
    ix.effect(EffectKind.BURN, asset=f"spl:{ix.at(1)}", amount=amount, source=ix.known(0))
    shown = f"{amount:,} base units" if decimals is None else units(amount, decimals)
    return f"destroys {shown} of token {ix.at(1)} in {ix.at(0)}"


def _set_up(ix: Instruction, phrase: str, to: str | None) -> str:
    ix.warn("token-setup")
    ix.effect(EffectKind.ACCOUNT, asset=f"account:{ix.at(0)}", source=ix.known(0), to=to)
    return phrase


def _pointer(ix: Instruction, d: Data, tag: int) -> str | None:
    sub = d.number(1)
    if sub > 1:
        return None
    keys = [d.key() for _ in range(2 - sub)]
    d.end()
    return _set_up(ix, f"sets the {_POINTERS[tag]} of token {ix.at(0)} to {keys[-1]}", keys[-1])


def _fees(ix: Instruction, d: Data) -> str | None:
    """The transfer-fee extension; its transfer is the one people meet."""
    from fluxdesk_host.signing.solana.token import hooked, moved

    sub = d.number(1)
    target = ix.at(0)
    if sub == 1:
        amount, decimals, fee = d.number(8), d.number(1), d.number(8)
        d.end()
        ix.warn("transfer-fee", amount=f"{fee:,}")
        phrase = hooked(ix, moved(ix, 0, 2, 3, amount, 1, decimals))
        return f"{phrase}, of which the token keeps {units(fee, decimals)}"
    if sub == 0:
        for _ in range(2):
            if d.option():
                d.key()
        points, most = d.number(2), d.number(8)
        d.end()
        return _set_up(ix, f"gives token {target} a fee of {points / 100:g} %, at most {most:,} base units", None)
    if sub == 5:
        points, most = d.number(2), d.number(8)
        d.end()
        return _set_up(
            ix, f"changes the fee of token {target} to {points / 100:g} %, at most {most:,} base units", None
        )
    if sub in (2, 3):
        if sub == 3:
            d.number(1)
        d.end()
        ix.warn("token-transfer")
        ix.effect(EffectKind.TOKEN_OUT, asset=f"spl:{target}", to=ix.known(1))
        return f"pays the fees that token {target} has kept to {ix.at(1)}"
    if sub == 4:
        d.end()
        return f"collects the fees of token {target} in its mint"
    return None
