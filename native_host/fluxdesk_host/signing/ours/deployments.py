"""Claims that one of our contracts stands at an address, and which of them are believed.

A claim is believed when its address is the CREATE2 address (EIP-1014) of our own creation code with the claimed
constructor arguments, made through the deterministic deployment proxy: then nothing but that code can ever have been
put there. Who claims it does not matter. What is not believed is what any other address is. Pure: no file, no network.

What a contract of ours makes is believed in the same way: what a constructor makes as its nth (CREATE), the vault of a
synthetic (CREATE2 by the deployer of vaults, salted with the factory, so that the factory alone can have made it), and
the vault of a distribution (the nth contract of a deployer that makes nothing else).

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
    "TokenGenerator": (("LiquidityLock", 2),),
}
"""Contracts that a constructor makes as its nth (CREATE); test_deployments asks a chain whether it does."""
GOVERNOR = ("FluxdeskGovernor", 4)
"""Made by a `GovernanceDeployment` in a second call, from code with the hash that its constructor was given."""
FACTORY, FACTORYS_DEPLOYER, SYNTHETIC_VAULT = "SyntheticAssetFactory", "SyntheticVaultDeployer", "SyntheticVault"
VAULT_DEPLOYER, DISTRIBUTION_VAULT = "VaultDeployer", "DistributionVault"
_WORD = 32
_Hex = Annotated[str, Meta(pattern=r"^0x([0-9a-f]{2})*$", max_length=100_000)]


class Claim(msgspec.Struct, frozen=True):
    """That a contract of ours, made with these arguments and this salt, stands at an address.

    Of a synthetic's vault the salt is the asset's id; of a distribution's it is the number of the contract among those
    of its deployer, whose address is the argument.
    """

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
    ][:MOST_CLAIMS]
    roots = {(chain, claim.address): claim for chain, claim in claims if _by_proxy(claim)}
    believed = [one for (chain, _), claim in roots.items() for one in _with_children(chain, claim)]
    for chain, claim in claims:
        made = _synthetic_vault(chain, claim, roots) or _distribution_vault(chain, claim, roots)
        if made is not None and made == claim.address:
            believed.append(Believed(chain, claim.address, claim.contract))
    return tuple(dict.fromkeys(believed))


_Roots = Mapping[tuple[int, str], Claim]
"""What stands by the proxy, by chain and address."""


def _by_proxy(claim: Claim) -> bool:
    known = codes().get(claim.contract)
    if known is None:
        return False
    return claim.address == create2(known.code + bytes.fromhex(claim.arguments[2:]), bytes.fromhex(claim.salt[2:]))


def _with_children(chain: int, claim: Claim) -> Iterable[Believed]:
    yield Believed(chain, claim.address, claim.contract)
    for child, nonce in CHILDREN.get(claim.contract, ()):
        yield Believed(chain, create(claim.address, nonce), child)
    governor, nonce = GOVERNOR
    if claim.contract == "GovernanceDeployment" and _agreed_code(claim) == keccak256(codes()[governor].code):
        yield Believed(chain, create(claim.address, nonce), governor)


def _agreed_code(claim: Claim) -> bytes:
    """`governorCodeHash`, the seventh head of the constructor's one struct; nothing where that is not in its place."""
    arguments = bytes.fromhex(claim.arguments[2:])
    if arguments[:_WORD] != _WORD.to_bytes(_WORD, "big"):
        return b""
    return arguments[7 * _WORD : 8 * _WORD]


def _synthetic_vault(chain: int, claim: Claim, roots: _Roots) -> str | None:
    """Where the factory in the arguments has its vault of the asset in the salt; None where no such factory stands."""
    if claim.contract != SYNTHETIC_VAULT:
        return None
    arguments = bytes.fromhex(claim.arguments[2:])
    factory = roots.get((chain, _address(arguments)))
    if factory is None or factory.contract != FACTORY:
        return None
    deployer = _address(bytes.fromhex(factory.arguments[2:])[_WORD:])
    if getattr(roots.get((chain, deployer)), "contract", "") != FACTORYS_DEPLOYER:
        return None
    salt = keccak256(bytes(12) + bytes.fromhex(factory.address[2:]) + bytes.fromhex(claim.salt[2:]))
    return create2(codes()[SYNTHETIC_VAULT].code + arguments, salt, deployer)


def _distribution_vault(chain: int, claim: Claim, roots: _Roots) -> str | None:
    """The contract of this number of the deployer in the arguments; None where no such deployer stands."""
    arguments, number = bytes.fromhex(claim.arguments[2:]), int(claim.salt, 16)
    if claim.contract != DISTRIBUTION_VAULT or len(arguments) != _WORD or not 0 < number < 1 << 64:
        return None
    deployer = _address(arguments)
    if getattr(roots.get((chain, deployer)), "contract", "") != VAULT_DEPLOYER:
        return None
    return create(deployer, number)


def _address(data: bytes) -> str:
    """The address in the first word; what is no address is none."""
    word = data[:_WORD]
    return "0x" + word[12:].hex() if len(word) == _WORD and not any(word[:12]) else ""


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


def create2(code: bytes, salt: bytes, sender: str = PROXY) -> str:
    """Where the proxy, or another sender, puts what this creation code makes (EIP-1014)."""
    return "0x" + keccak256(b"\xff" + bytes.fromhex(sender[2:]) + salt + keccak256(code))[12:].hex()


def create(sender: str, nonce: int) -> str:
    """Where a contract puts what it makes by CREATE as its `nonce`th, from one: keccak of RLP (Yellow Paper, 7)."""
    number = nonce.to_bytes(8, "big").lstrip(b"\0")
    rest = number if nonce < 0x80 else bytes([0x80 + len(number)]) + number
    body = b"\x94" + bytes.fromhex(sender[2:]) + rest
    return "0x" + keccak256(bytes([0xC0 + len(body)]) + body)[12:].hex()
