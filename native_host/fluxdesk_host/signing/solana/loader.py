"""The upgradeable loader: code of programs and who may change it. Also the programs that check signatures.

Source: solana-loader-v3-interface, `UpgradeableLoaderInstruction` (bincode, tag of four bytes).
"""

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.instruction import Data, Instruction

ADDRESS = "BPFLoaderUpgradeab1e11111111111111111111111"


def _read(ix: Instruction) -> str | None:
    d = Data(ix.data)
    tag = d.number(4)
    target = ix.at(0)
    if tag == 3:
        d.end()
        program = ix.at(1)
        ix.warn("upgrade", target=program)
        ix.effect(EffectKind.OWNERSHIP, asset=f"account:{program}", source=ix.known(1))
        return f"replaces the code of program {program}; left SOL goes to {ix.at(3)}"
    if tag in (4, 7):
        to = (ix.at(2) if len(ix.accounts) > 2 else None) if tag == 4 else ix.at(2)
        d.end()
        code = "authority" if to else "authority-removed"
        ix.warn(code, role="upgrade authority", target=target, to=to or "")
        ix.effect(EffectKind.OWNERSHIP, asset=f"account:{target}", source=ix.known(0), to=to)
        return f"hands the upgrade authority of {target} to {to or 'nobody'}"
    if tag == 5:
        d.end()
        ix.closed(0, 1)
        return f"closes program account {target}; its SOL goes to {ix.at(1)}"
    if tag == 0:
        d.end()
        phrase = f"makes {target} a buffer for code"
    elif tag == 1:
        offset = d.number(4)
        size = len(d.take(d.number(8)))
        d.end()
        phrase = f"writes {size:,} bytes of code to {target} at {offset:,}"
    elif tag == 2:
        size = d.number(8)
        d.end()
        phrase = f"deploys a program of at most {size:,} bytes as {ix.at(2)}"
    elif tag == 6:
        size = d.number(4)
        d.end()
        phrase = f"makes program {ix.at(1)} larger by {size:,} bytes"
    else:
        return None
    ix.warn("program-data")
    ix.effect(EffectKind.DEPLOY if tag == 2 else EffectKind.ACCOUNT, asset=f"account:{target}", source=ix.known(0))
    return phrase


PROGRAMS = (SolanaProgram(ADDRESS, "Upgradeable loader", _read),)
