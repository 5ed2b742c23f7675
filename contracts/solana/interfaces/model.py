"""Words to describe a program with: instructions, stored accounts, events, named errors.

Types are those of Anchor's IDL: `u8` `u16` `u32` `u64` `i64` `bool` `string` `pubkey` `hash` ([u8; 32]) and `vec:` of
one of them. Discriminators are Anchor's: sha256 of `global:`, `account:` or `event:`
and a name, the first eight bytes.
"""

from dataclasses import dataclass, field
from hashlib import sha256

FIRST_ERROR = 6000
"""Number of a program's first own error, as Anchor counts."""


@dataclass(frozen=True, slots=True)
class Field:
    """A named value."""

    name: str
    type: str
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """An account an instruction takes."""

    name: str
    writable: bool = False
    signer: bool = False
    address: str | None = None
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction: what it takes in this order."""

    name: str
    doc: str
    accounts: tuple[Meta, ...]
    args: tuple[Field, ...] = ()

    @property
    def discriminator(self) -> bytes:
        """Its first eight bytes."""
        return _discriminator("global", self.name)


@dataclass(frozen=True, slots=True)
class Record:
    """An account's data or an event: fields behind a discriminator."""

    name: str
    doc: str
    fields: tuple[Field, ...]
    kind: str = "account"
    known_as: bytes | None = None
    """A discriminator that is not made of the name."""

    @property
    def discriminator(self) -> bytes:
        """Its first eight bytes."""
        return self.known_as or _discriminator(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class Program:
    """Everything about one program."""

    name: str
    version: str
    address: str
    doc: str
    instructions: tuple[Instruction, ...]
    accounts: tuple[Record, ...]
    events: tuple[Record, ...]
    errors: tuple[tuple[str, str], ...]
    """Name and sentence; numbered from `FIRST_ERROR` in this order."""
    constants: dict[str, int] = field(default_factory=dict)


def _discriminator(kind: str, name: str) -> bytes:
    return sha256(f"{kind}:{name}".encode()).digest()[:8]


def snake(name: str) -> str:
    """`ClaimStatus` as `claim_status`."""
    return "".join("_" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name))
