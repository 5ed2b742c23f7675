"""Claims that one of our contracts stands at an address, and which of them are believed.

A claim is believed when its address is the CREATE2 address (EIP-1014) of our own creation code with the claimed
constructor arguments, made through the deterministic deployment proxy: then nothing but that code can ever have been
put there. Who claims it does not matter. What is not believed is what any other address is. Pure: no file, no network.

Believed is the code, not its owner, its pools or its oracle: those are arguments and state.
"""

from binascii import a2b_base64
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Annotated
from zlib import decompress

import msgspec
from msgspec import Meta

from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.signing.ours.codes import CODES
from fluxdesk_host.signing.registry import EvmMethod, KnownContract, Registry

PROXY = "0x4e59b44847b379578588920ca78fbf26c0b4956c"
"""The deterministic deployment proxy (github.com/Arachnid/deterministic-deployment-proxy)."""
MOST_CLAIMS = 1_000
MOST_BYTES = 4_000_000
VERSION = 1
CHILDREN: Mapping[str, tuple[tuple[str, int], ...]] = {
    "GovernanceDeployment": (("Registry", 2), ("GovernanceToken", 3)),
}
"""Contracts that a constructor makes as its nth (CREATE); test_deployments asks a chain whether it does."""
_Hex = Annotated[str, Meta(pattern=r"^0x([0-9a-f]{2})*$", max_length=100_000)]


class Claim(msgspec.Struct, frozen=True):
    """That a contract of ours, made with these arguments and this salt, stands at an address."""

    contract: str
    address: Annotated[str, Meta(pattern=r"^0x[0-9a-f]{40}$")]
    salt: Annotated[str, Meta(pattern=r"^0x[0-9a-f]{64}$")]
    arguments: _Hex


class _File(msgspec.Struct):
    version: int
    chains: dict[str, list[Claim]]


class Believed(msgspec.Struct, frozen=True):
    """A contract of ours on a chain."""

    chain: int
    address: str
    contract: str


def read(data: bytes) -> tuple[Believed, ...]:
    """The claims of a file that are believed. A file that is not understood holds none."""
    if len(data) > MOST_BYTES:
        return ()
    try:
        found = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ()
    if found.version != VERSION:
        return ()
    claims = [
        (int(number), claim)
        for name, listed in found.chains.items()
        for family, _, number in [name.partition(":")]
        if family == "eip155" and number.isdecimal() and len(number) < 20
        for claim in listed
    ]
    return tuple(one for chain, claim in claims[:MOST_CLAIMS] for one in _followed(chain, claim))


def _followed(chain: int, claim: Claim) -> Iterable[Believed]:
    known = codes().get(claim.contract)
    if known is None:
        return
    code = known.code + bytes.fromhex(claim.arguments[2:])
    if claim.address != create2(code, bytes.fromhex(claim.salt[2:])):
        return
    yield Believed(chain, claim.address, claim.contract)
    for child, nonce in CHILDREN.get(claim.contract, ()):
        yield Believed(chain, _create(claim.address, nonce), child)


class Code(msgspec.Struct, frozen=True):
    """Creation code of a contract, and its constructor's arguments as `EvmMethod` writes them."""

    constructor: str
    code: bytes


@cache
def codes() -> Mapping[str, Code]:
    """Each contract that can be believed."""
    return {name: Code(made_with, decompress(a2b_base64(packed))) for name, (made_with, packed) in CODES.items()}


def registry_with(base: Registry, believed: Iterable[Believed], methods: Mapping[str, Iterable[EvmMethod]]) -> Registry:
    """`base` and the methods of each contract, for the addresses where it is believed to stand."""
    places: dict[str, set[tuple[int, str]]] = {}
    for one in believed:
        places.setdefault(one.contract, set()).add((one.chain, one.address))
    bound = [
        EvmMethod(method.signature, method.read, frozenset(places[name]))
        for name, listed in methods.items()
        if name in places
        for method in listed
    ]
    known = [
        KnownContract(chain, at, f"Fluxdesk's {name}", name) for name, all_ in places.items() for chain, at in all_
    ]
    return base.plus(methods=bound, contracts=known) if known else base


def create2(code: bytes, salt: bytes) -> str:
    """Where the proxy puts what this creation code makes."""
    return "0x" + keccak256(b"\xff" + bytes.fromhex(PROXY[2:]) + salt + keccak256(code))[12:].hex()


def _create(address: str, nonce: int) -> str:
    return "0x" + keccak256(b"\xd6\x94" + bytes.fromhex(address[2:]) + bytes([nonce]))[12:].hex()
