"""The System program: lamports, accounts, nonces.

Source: solana-system-interface, `SystemInstruction` (bincode, tag of four bytes).
"""

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.instruction import Data, Instruction
from fluxdesk_host.signing.text import units, visible

ADDRESS = "1" * 32


def sol(lamports: int) -> str:
    """An amount of SOL, exactly."""
    return f"{units(lamports, 9)} SOL"


def sent(ix: Instruction, source: int, to: int, lamports: int) -> str:
    """Lamports that move; shared with other programs."""
    ix.warn("native-transfer")
    if ix.account is not None and ix.known(source) != ix.account:
        ix.warn("transfer-of-others", source=ix.at(source))
    ix.effect(EffectKind.NATIVE_OUT, asset="native", amount=lamports, source=ix.known(source), to=ix.known(to))
    return f"sends {sol(lamports)} from {ix.at(source)} to {ix.at(to)}"


_RENT_OVERHEAD, _RENT_A_BYTE = 128, 6_960
"""Bytes that an account counts beside its own, and the lamports a byte that make it free of rent."""


def _created(ix: Instruction, to: str, lamports: int, space: int, owner: str) -> str:
    ix.warn("account-created")
    if (more := lamports - 2 * (_RENT_OVERHEAD + space) * _RENT_A_BYTE) > 0:
        ix.warn("more-than-rent", amount=sol(more))
    ix.effect(EffectKind.NATIVE_OUT, asset="native", amount=lamports, source=ix.known(0), to=to)
    ix.effect(EffectKind.ACCOUNT, source=ix.known(0), to=to, by=owner)
    return f"creates account {to} of {space:,} bytes for program {owner} with {sol(lamports)}"


def _assigned(ix: Instruction, owner: str) -> str:
    ix.warn("assigns-account", target=ix.at(0), to=owner)
    ix.effect(EffectKind.OWNERSHIP, asset=f"account:{ix.at(0)}", source=ix.known(0), to=owner)
    return f"hands account {ix.at(0)} to program {owner}"


def _read(ix: Instruction) -> str | None:
    d = Data(ix.data)
    tag = d.number(4)
    if tag == 0:
        lamports, space, owner = d.number(8), d.number(8), d.key()
        d.end()
        return _created(ix, ix.at(1), lamports, space, owner)
    if tag == 1:
        owner = d.key()
        d.end()
        return _assigned(ix, owner)
    if tag == 2:
        lamports = d.number(8)
        d.end()
        return sent(ix, 0, 1, lamports)
    if tag == 3:
        _, _ = d.key(), d.string()
        lamports, space, owner = d.number(8), d.number(8), d.key()
        d.end()
        return _created(ix, ix.at(1), lamports, space, owner)
    if tag in (8, 9):
        if tag == 9:
            d.key()
            d.string()
        space = d.number(8)
        owner = d.key() if tag == 9 else ""
        d.end()
        ix.warn("account-created")
        ix.effect(EffectKind.ACCOUNT, source=ix.known(0), to=owner or None)
        return f"gives account {ix.at(0)} a size of {space:,} bytes"
    if tag == 10:
        d.key()
        d.string()
        owner = d.key()
        d.end()
        return _assigned(ix, owner)
    if tag == 11:
        lamports, seed, owner = d.number(8), d.string(), d.key()
        d.end()
        sent(ix, 0, 2, lamports)
        return f"sends {sol(lamports)} from {ix.at(0)} (seed {visible(seed, 64)}, {owner}) to {ix.at(2)}"
    return _nonce(ix, d, tag)


def _nonce(ix: Instruction, d: Data, tag: int) -> str | None:
    target = ix.at(0)
    if tag == 4:
        d.end()
        ix.effect(EffectKind.NONCE, asset=f"account:{target}", source=ix.known(0))
        return f"moves nonce account {target} on"
    if tag == 5:
        lamports = d.number(8)
        d.end()
        ix.warn("nonce-account")
        return f"withdraws from a nonce account: {sent(ix, 0, 1, lamports)}"
    if tag == 6:
        authority = d.key()
        d.end()
        ix.warn("nonce-account")
        if ix.account is not None and authority != ix.account:
            ix.warn("withdrawer-other", target=target, to=authority)
        ix.effect(EffectKind.NONCE, asset=f"account:{target}", to=authority)
        return f"makes {target} a nonce account that {authority} controls"
    if tag == 7:
        authority = d.key()
        d.end()
        ix.warn("authority", role="control", target=f"nonce account {target}", to=authority)
        ix.effect(EffectKind.OWNERSHIP, asset=f"account:{target}", to=authority)
        return f"hands nonce account {target} to {authority}"
    if tag == 12:
        d.end()
        ix.warn("nonce-account")
        ix.effect(EffectKind.NONCE, asset=f"account:{target}")
        return f"upgrades nonce account {target}"
    return None


PROGRAMS = (SolanaProgram(ADDRESS, "System", _read),)
