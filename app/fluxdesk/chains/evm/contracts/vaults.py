"""The vaults that factories of ours have made: found by the factories' logs, kept where their addresses follow.

What a log says is not believed: an entry is made only where the address is the one that the factory's deployer gives
it. The agent holds it to the same (docs/contracts-deploy.md).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

from fluxdesk.chains.evm.contracts.built import keccak256, load
from fluxdesk.chains.evm.contracts.codec import Undecodable, encode
from fluxdesk.chains.evm.contracts.deployer import address_of, made_by
from fluxdesk.chains.evm.contracts.distribution import DistributionCreatedEvent
from fluxdesk.chains.evm.contracts.recorded import FILE, Recorded, RecordUnreadable
from fluxdesk.chains.evm.contracts.synthetic_asset_factory import SyntheticCreatedEvent
from fluxdesk.chains.evm.contracts.synthetic_vault import Made, Parameters

FACTORY, DISTRIBUTION = "SyntheticAssetFactory", "Distribution"
VAULT, CLAIMS = "SyntheticVault", "DistributionVault"
MOST_NUMBERS = 100_000
"""Contracts of one deployer that are looked through for the number of a vault."""
_WORD = 32


@dataclass(frozen=True, slots=True)
class Log:
    """A log of one contract, with its transaction and block."""

    topics: tuple[bytes, ...]
    data: bytes
    tx: str
    block: int


class Logs(Protocol):
    """Reads of one chain."""

    def of(self, address: str, topic: bytes, first: int) -> AsyncIterator[Log]:
        """An address's logs with this first topic, from a block on, in order."""
        ...

    async def made(self, address: str) -> int:
        """How many contracts an address has made: its nonce, which begins at one."""
        ...


async def found(noted: Sequence[Recorded], logs: Logs) -> AsyncIterator[Recorded]:
    """The vaults of every factory among what is noted of a chain. Raises `RecordUnreadable`."""
    for one in noted:
        arguments = bytes.fromhex(one.arguments[2:])
        if one.contract == FACTORY:
            async for log in logs.of(one.address, SyntheticCreatedEvent.TOPIC, one.block):
                if (vault := _synthetic(one.address, arguments, log)) is not None:
                    yield vault
        elif one.contract == DISTRIBUTION:
            deployer = _address(arguments, 2)
            numbers: dict[str, int] = {}
            async for log in logs.of(one.address, DistributionCreatedEvent.TOPIC, one.block):
                numbers = numbers or await _numbers(deployer, logs)
                if (vault := _claims(deployer, numbers, log)) is not None:
                    yield vault


def _synthetic(factory: str, arguments: bytes, log: Log) -> Recorded | None:
    try:
        said = SyntheticCreatedEvent.decode(log.topics, log.data)
    except Undecodable:
        return None
    p = said.parameters
    terms = Parameters(*(getattr(p, field.name) for field in fields(Parameters)))
    made_with = Made(factory, said.oracle, said.collateral, _address(arguments, 0), terms).encode()
    salt = keccak256(encode(["address", "bytes32"], [factory, said.asset_id]))
    address = address_of(load(VAULT).code(made_with), salt, _address(arguments, 1))
    if address != said.vault:
        return None
    asset = said.asset_id.hex()
    return Recorded(f"synthetic-{asset}", VAULT, address, f"0x{asset}", "0x" + made_with.hex(), log.tx, log.block)


def _claims(deployer: str, numbers: dict[str, int], log: Log) -> Recorded | None:
    try:
        said = DistributionCreatedEvent.decode(log.topics, log.data)
    except Undecodable:
        return None
    number = numbers.get(said.vault)
    if number is None:
        return None
    made_with = encode(["address"], [deployer]).hex()
    name = f"distribution-{said.id.hex()}"
    return Recorded(name, CLAIMS, said.vault, f"0x{number:064x}", "0x" + made_with, log.tx, log.block)


async def _numbers(deployer: str, logs: Logs) -> dict[str, int]:
    most = min(await logs.made(deployer), MOST_NUMBERS)
    return {made_by(deployer, number): number for number in range(1, most)}


def _address(arguments: bytes, place: int) -> str:
    word = arguments[place * _WORD : (place + 1) * _WORD]
    if len(word) != _WORD:
        raise RecordUnreadable(f"{FILE} has a factory whose arguments are cut short. It was left as it is.")
    return "0x" + word[12:].hex()
