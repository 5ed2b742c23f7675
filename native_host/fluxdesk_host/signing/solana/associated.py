"""The associated token account program: a wallet's usual account for a token.

Source: the program's `AssociatedTokenAccountInstruction`; no data at all is the oldest form of `Create`. The
program itself refuses an account that is not the wallet's, so a transfer to one created before it in the same
transaction has a known owner.
"""

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.instruction import Instruction

ADDRESS = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"


def _read(ix: Instruction) -> str | None:
    if ix.data not in (b"", b"\0", b"\1", b"\2"):
        return None
    if ix.data == b"\2":
        ix.warn("token-transfer")
        ix.effect(EffectKind.TOKEN_OUT, asset=f"spl:{ix.at(1)}", source=ix.known(0), to=ix.known(2))
        ix.effect(EffectKind.ACCOUNT, asset=f"account:{ix.at(0)}", to=ix.known(5))
        return f"brings tokens back from {ix.at(0)}, which belongs to another token account, to {ix.at(2)}"
    owner, mint = ix.at(2), ix.at(3)
    ix.warn("token-account-created", owner=owner)
    ix.effect(EffectKind.ACCOUNT, asset=f"spl:{mint}", source=ix.known(0), to=ix.known(1))
    account = ix.known(1)
    if account is not None:
        ix.wallets[account] = (owner, mint)
    if_missing = ", if missing" if ix.data == b"\1" else ""
    return f"creates the token account {ix.at(1)} of {owner} for token {mint}{if_missing}"


PROGRAMS = (SolanaProgram(ADDRESS, "Associated token account", _read),)
