"""What Token-2022 adds to SPL Token: fees, hooks, delegates for good, guards, confidential amounts.

Source: the Token-2022 program's `TokenInstruction` from tag 25 on, and the `instruction` modules of its extensions.
"""

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.solana.instruction import Data, Instruction
from fluxdesk_host.signing.text import units

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
    if tag in (27, 37, 42):
        return None
    if tag == 38:
        d.end()
        ix.warn("closes-account" if ix.mine(1) else "closes-to-other", to=ix.at(1))
        ix.effect(EffectKind.NATIVE_OUT, asset="native", source=ix.known(0), to=ix.known(1))
        return f"sends the SOL that {target} has too much to {ix.at(1)}"
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
    from fluxdesk_host.signing.solana.token import moved

    sub = d.number(1)
    target = ix.at(0)
    if sub == 1:
        amount, decimals, fee = d.number(8), d.number(1), d.number(8)
        d.end()
        ix.warn("transfer-fee", amount=f"{fee:,}")
        phrase = moved(ix, 0, 2, 3, amount, 1, decimals)
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
