"""Fluxdesk's claim program: distributions, claims, claw-back and who is in charge.

Source: contracts/solana/idl/fluxdesk_claim.json. Its address is that of practice, so it is read on a local cluster
only: elsewhere nobody knows what stands there.
"""

from collections.abc import Callable
from hashlib import sha256

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.instruction import Data, Instruction
from fluxdesk_host.signing.text import counted

ADDRESS = "PracticeDrop1111111111111111111111111111111"
_LOCAL = "solana:local"
_MOST_PROOF = 64
_MOST_VERIFIERS = 32
_BY_ATTESTATION = 2


def _tag(name: str) -> bytes:
    """Anchor's discriminator of an instruction."""
    return sha256(f"global:{name}".encode()).digest()[:8]


def _list(d: Data, size: int, most: int) -> list[bytes]:
    count = d.number(4)
    return [d.take(size) for _ in range(count)] if count <= most else [d.take(1 << 30)]


def _create(ix: Instruction, d: Data) -> str:
    number, mode, threshold = d.number(8), d.number(1), d.number(1)
    d.take(64)
    start, end, *_ = (d.number(8) for _ in range(5))
    total, most_claims = d.number(8), d.number(8)
    admin, delay = d.key(), d.number(8)
    verifiers = _list(d, 32, _MOST_VERIFIERS)
    d.end()
    ix.at(6)
    ix.draft.fact("Administrator", admin)
    ix.draft.fact("Begins and ends (Unix seconds)", f"{start}, {end}")
    ix.draft.fact("A change of the administrator waits", f"{delay} s")
    ix.warn("account-created")
    ix.effect(EffectKind.ACCOUNT, asset=f"account:{ix.at(2)}", source=ix.known(1))
    by = f", {threshold} of {counted(len(verifiers), 'verifier')} having to attest" if mode & _BY_ATTESTATION else ""
    return (
        f"opens distribution {number} at {ix.at(2)} of up to {total:,} base units of token {ix.at(4)} in at most "
        f"{counted(most_claims, 'claim')}{by}; {admin} is its administrator"
    )


def _claim(ix: Instruction, d: Data) -> str:
    amount = d.number(8)
    _list(d, 32, _MOST_PROOF)
    d.end()
    return _claimed(ix, amount, 8)


def _claim_attested(ix: Instruction, d: Data) -> str:
    amount = d.number(8)
    d.take(32)
    d.number(8)
    _list(d, 32, _MOST_PROOF)
    d.end()
    return _claimed(ix, amount, 10)


def _claimed(ix: Instruction, amount: int, last: int) -> str:
    ix.at(last)
    owner = _received(ix, 5, 6, amount)
    return f"claims {amount:,} base units of token {ix.at(6)} from distribution {ix.at(2)} into {ix.at(5)}{owner}"


def _received(ix: Instruction, at: int, mint: int, amount: int | None) -> str:
    """What comes in. Whose the destination is, the bytes say only where they make it."""
    wallet = ix.wallets.get(ix.at(at), ("", ""))[0]
    ix.warn("claims-into", to=ix.at(at))
    ix.effect(
        EffectKind.TOKEN_IN, asset=f"spl:{ix.at(mint)}", amount=amount, bound="most", to=ix.known(at),
        owner=wallet or None,
    )  # fmt: skip
    return f" of {wallet}" if wallet else ""


def _release(ix: Instruction, d: Data) -> str:
    d.end()
    ix.at(6)
    owner = _received(ix, 4, 5, None)
    return f"takes what has vested of its claim at distribution {ix.at(1)} into {ix.at(4)}{owner}"


def _claw_back(ix: Instruction, d: Data) -> str:
    d.end()
    ix.at(5)
    owner = _received(ix, 3, 4, None)
    return f"takes what nobody claimed out of distribution {ix.at(1)} into {ix.at(3)}{owner}"


def _pause(ix: Instruction, d: Data) -> str:
    until = d.number(8)
    d.end()
    ix.warn("freezes")
    return f"pauses new claims at distribution {ix.at(1)} until {until} (Unix seconds)"


def _unpause(ix: Instruction, d: Data) -> str:
    d.end()
    ix.warn("freezes")
    return f"lets new claims go on at distribution {ix.at(1)}"


def _propose(ix: Instruction, d: Data) -> str:
    to = d.key()
    d.end()
    target = f"distribution {ix.at(1)}"
    ix.warn("authority", role="administration", target=target, to=to)
    ix.effect(EffectKind.OWNERSHIP, asset=f"account:{ix.at(1)}", source=ix.known(0), to=to)
    return f"offers the administration of {target} to {to}"


def _cancel(ix: Instruction, d: Data) -> str:
    d.end()
    ix.at(0)
    ix.warn("revoke")
    return f"takes back the offer of the administration of distribution {ix.at(1)}"


def _accept(ix: Instruction, d: Data) -> str:
    d.end()
    ix.warn("authority", role="administration", target=f"distribution {ix.at(1)}", to=ix.at(0))
    ix.effect(EffectKind.OWNERSHIP, asset=f"account:{ix.at(1)}", to=ix.known(0))
    return f"takes over the administration of distribution {ix.at(1)}"


def _close_part(what: str) -> Callable[[Instruction, Data], str]:
    def read(ix: Instruction, d: Data) -> str:
        d.end()
        ix.closed(1, 2)
        return f"closes the {what} {ix.at(1)} of distribution {ix.at(0)}; its rent goes to {ix.at(2)}"

    return read


def _close(ix: Instruction, d: Data) -> str:
    d.end()
    ix.at(4)
    ix.closed(1, 3)
    return f"closes distribution {ix.at(1)}; its rent goes to {ix.at(3)}"


_READERS: dict[bytes, Callable[[Instruction, Data], str]] = {
    _tag("create_distribution"): _create,
    _tag("claim"): _claim,
    _tag("claim_attested"): _claim_attested,
    _tag("release"): _release,
    _tag("claw_back"): _claw_back,
    _tag("pause"): _pause,
    _tag("unpause"): _unpause,
    _tag("propose_admin"): _propose,
    _tag("cancel_admin"): _cancel,
    _tag("accept_admin"): _accept,
    _tag("close_claim"): _close_part("claim"),
    _tag("close_nullifier"): _close_part("nullifier"),
    _tag("close_distribution"): _close,
}


def _read(ix: Instruction) -> str | None:
    reader = _READERS.get(ix.data[:8])
    if reader is None or ix.draft.chain != _LOCAL:
        return None
    return reader(ix, Data(ix.data[8:]))


PROGRAMS = (SolanaProgram(ADDRESS, "Fluxdesk's claim program of practice", _read),)
"""For `standard`."""
