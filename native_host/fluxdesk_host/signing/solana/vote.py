"""The vote program, as far as people sign it: who votes, who withdraws, commission. Votes themselves stay unread.

Source: solana-vote-interface, `VoteInstruction` (bincode, tag of four bytes).
"""

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.instruction import Data, Instruction
from fluxdesk_host.signing.solana.system import sol

ADDRESS = "Vote111111111111111111111111111111111111111"
_ROLES = ("vote authority", "withdraw authority")


def _read(ix: Instruction) -> str | None:
    d = Data(ix.data)
    tag = d.number(4)
    target = ix.at(0)
    if tag in (1, 7, 10, 11):
        return _authority(ix, d, tag)
    if tag == 0:
        node, voter, withdrawer = d.key(), d.key(), d.key()
        commission = d.number(1)
        d.end()
        ix.at(3)
        _controlled(ix, withdrawer, target)
        ix.warn("stake")
        ix.effect(EffectKind.STAKE, asset=f"account:{target}", source=ix.known(0), to=withdrawer)
        return (
            f"makes {target} a vote account of validator {node} with a commission of {commission} %; {voter} may vote "
            f"and {withdrawer} may withdraw"
        )
    if tag == 3:
        lamports = d.number(8)
        d.end()
        ix.at(2)
        ix.warn("stake-withdraw")
        if ix.account is not None and not ix.mine(1):
            ix.warn("closes-to-other", to=ix.at(1))
        ix.effect(EffectKind.NATIVE_OUT, asset="native", amount=lamports, source=ix.known(0), to=ix.known(1))
        return f"withdraws {sol(lamports)} from vote account {target} to {ix.at(1)}"
    if tag == 4:
        d.end()
        ix.at(2)
        ix.warn("authority", role="identity", target=f"vote account {target}", to=ix.at(1))
        ix.effect(EffectKind.OWNERSHIP, asset=f"account:{target}", source=ix.known(0), to=ix.known(1))
        return f"makes {ix.at(1)} the validator of vote account {target}"
    if tag == 5:
        commission = d.number(1)
        d.end()
        ix.at(1)
        ix.warn("stake")
        ix.effect(EffectKind.STAKE, asset=f"account:{target}", source=ix.known(0))
        return f"sets the commission of vote account {target} to {commission} %"
    return None


def _controlled(ix: Instruction, withdrawer: str, target: str) -> None:
    if ix.account is not None and withdrawer != ix.account:
        ix.warn("withdrawer-other", target=target, to=withdrawer)


def _authority(ix: Instruction, d: Data, tag: int) -> str | None:
    new = d.key() if tag == 1 else None
    role = d.number(4)
    if tag in (10, 11):
        d.key()
        d.string()
    if tag == 10:
        new = d.key()
    d.end()
    to = new or ix.at(3)
    ix.at(2)
    if role > 1:
        return None
    ix.warn("authority", role=_ROLES[role], target=f"vote account {ix.at(0)}", to=to)
    ix.effect(EffectKind.OWNERSHIP, asset=f"account:{ix.at(0)}", source=ix.known(0), to=new or ix.known(3))
    return f"hands the {_ROLES[role]} of vote account {ix.at(0)} to {to}"


PROGRAMS = (SolanaProgram(ADDRESS, "Vote", _read),)
