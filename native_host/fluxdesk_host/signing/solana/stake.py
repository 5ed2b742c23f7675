"""The stake program.

Source: solana-stake-interface, `StakeInstruction` (bincode, tag of four bytes).
"""

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.instruction import BadData, Data, Instruction
from fluxdesk_host.signing.solana.system import sol

ADDRESS = "Stake11111111111111111111111111111111111111"
_ROLES = ("stake authority", "withdraw authority")


def _read(ix: Instruction) -> str | None:
    d = Data(ix.data)
    tag = d.number(4)
    target = ix.at(0)
    if tag in (0, 9):
        return _made(ix, d, tag)
    if tag in (1, 8, 10, 11):
        return _authority(ix, d, tag)
    if tag == 2:
        d.end()
        return _staked(ix, f"stakes {target} with vote account {ix.at(1)}")
    if tag in (3, 4, 16, 17):
        return _amount(ix, d, tag)
    if tag in (6, 12):
        return _lockup(ix, d, tag)
    if tag == 7:
        d.end()
        return _staked(ix, f"merges stake account {ix.at(1)} into {target}")
    words = {
        5: f"ends the staking of {target}", 13: "asks for the smallest stake",
        14: f"ends the staking of {target} with a validator that is away",
        15: f"stakes {target} with another validator",
    }  # fmt: skip
    if tag not in words:
        return None
    d.end()
    return _staked(ix, words[tag])


def _made(ix: Instruction, d: Data, tag: int) -> str:
    """A new stake account; who may withdraw owns what is in it. Lockups hold until both time and epoch have come."""
    locked = ""
    if tag == 0:
        staker, withdrawer = d.key(), d.key()
        until, epoch, custodian = d.number(8), d.number(8), d.key()
        if until or epoch:
            locked = f"; locked until Unix time {until:,} and epoch {epoch:,} by {custodian}"
            ix.warn("stake-locked", to=custodian)
    else:
        staker, withdrawer = ix.at(2), ix.at(3)
    d.end()
    if ix.account is not None and withdrawer != ix.account:
        ix.warn("withdrawer-other", target=ix.at(0), to=withdrawer)
    return _staked(ix, f"makes {ix.at(0)} a stake account of {staker}; {withdrawer} may withdraw{locked}")


def _staked(ix: Instruction, phrase: str, amount: int | None = None, to: str | None = None) -> str:
    ix.warn("stake")
    ix.effect(EffectKind.STAKE, asset=f"account:{ix.at(0)}", amount=amount, source=ix.known(0), to=to)
    return phrase


def _amount(ix: Instruction, d: Data, tag: int) -> str:
    lamports, target, to = d.number(8), ix.at(0), ix.at(1)
    d.end()
    if tag == 4:
        ix.warn("stake-withdraw")
        if ix.account is not None and not ix.mine(1):
            ix.warn("closes-to-other", to=to)
        ix.effect(EffectKind.NATIVE_OUT, asset="native", amount=lamports, source=ix.known(0), to=ix.known(1))
        return f"withdraws {sol(lamports)} from stake account {target} to {to}"
    what = "splits" if tag == 3 else "moves"
    return _staked(ix, f"{what} {sol(lamports)} from stake account {target} to {to}", lamports, ix.known(1))


def _authority(ix: Instruction, d: Data, tag: int) -> str | None:
    to = d.key() if tag in (1, 8) else ix.at(3)
    role = d.number(4)
    if tag in (8, 11):
        d.string()
        d.key()
    d.end()
    if role > 1:
        return None
    ix.warn("authority", role=_ROLES[role], target=f"stake account {ix.at(0)}", to=to)
    ix.effect(EffectKind.OWNERSHIP, asset=f"account:{ix.at(0)}", source=ix.known(0), to=to)
    return f"hands the {_ROLES[role]} of stake account {ix.at(0)} to {to}"


def _lockup(ix: Instruction, d: Data, tag: int) -> str:
    parts = []
    for size, what in ((8, "Unix time"), (8, "epoch")):
        if d.option():
            parts.append(f"{what} {d.number(size):,}")
    custodian = d.key() if tag == 6 and d.option() else ix.at(2) if tag == 12 and len(ix.accounts) > 2 else None
    d.end()
    if not parts and custodian is None and tag == 6:
        raise BadData("a lockup changes nothing")
    ix.warn("authority", role="lockup", target=f"stake account {ix.at(0)}", to=custodian or "its custodian")
    ix.effect(EffectKind.OWNERSHIP, asset=f"account:{ix.at(0)}", source=ix.known(0), to=custodian)
    who = f", by {custodian}" if custodian else ""
    return f"locks stake account {ix.at(0)} until {' and '.join(parts) or 'what is set already'}{who}"


PROGRAMS = (SolanaProgram(ADDRESS, "Stake", _read),)
