"""Which contracts stand where: a file of the profile, one entry a contract and chain, written whole each time.

Form: docs/contracts-deploy.md. The file is a note, not a proof: an address in it counts where it follows from our own
creation code (`deployer.address_of`), and what stands there is asked of the chain.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from fluxdesk.core.private_file import write_private

FILE = "deployments.json"
VERSION = 1
_MOST_BYTES = 4_000_000
Hex = Annotated[str, Meta(pattern=r"^0x([0-9a-f]{2})*$", max_length=100_000)]


class RecordUnreadable(Exception):
    """The file is damaged or of another version; it was left as it is."""


class RecordUnwritable(Exception):
    """The file could not be replaced; what was in it is kept."""


class Recorded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One contract on one chain.

    Attributes:
        name: Of the plan's step.
        arguments: Of its constructor, ABI-encoded.
        tx, block: Of the transaction that made it; empty and 0 where it stood there before.
    """

    name: str
    contract: str
    address: Annotated[str, Meta(pattern=r"^0x[0-9a-f]{40}$")]
    salt: Annotated[str, Meta(pattern=r"^0x[0-9a-f]{64}$")]
    arguments: Hex
    tx: str = ""
    block: Annotated[int, Meta(ge=0)] = 0


class Chains(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file. `chains`: `eip155:<number>` -> what stands there."""

    version: int = VERSION
    chains: dict[str, list[Recorded]] = {}

    def put(self, chain: str, entry: Recorded) -> None:
        """Adds it, in place of one of that name; a place that is known keeps its transaction."""
        there = self.chains.setdefault(chain, [])
        for i, old in enumerate(there):
            if old.name == entry.name:
                same = (old.address, old.arguments) == (entry.address, entry.arguments)
                there[i] = old if same and not entry.tx else entry
                return
        there.append(entry)


def read(file: Path) -> Chains:
    """The file; empty where there is none. Raises `RecordUnreadable`."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return Chains()
    except OSError as error:
        raise RecordUnreadable(f"{file} cannot be read: {error.strerror or error}.") from None
    try:
        found = msgspec.json.decode(text, type=Chains)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise RecordUnreadable(f"{file} is damaged. It was left as it is; move it away to begin anew.") from None
    if found.version != VERSION:
        raise RecordUnreadable(f"{file} is of version {found.version}; this Fluxdesk writes version {VERSION}.")
    return found


def write(file: Path, chains: Chains) -> None:
    """Replaces the file in one step: after a kill it is the old or the new one. Raises `RecordUnwritable`."""
    text = msgspec.json.format(msgspec.json.encode(chains), indent=1) + b"\n"
    if len(text) > _MOST_BYTES:
        raise RecordUnwritable(f"{file} would be over {_MOST_BYTES:,} bytes; it was left as it is.")
    try:
        write_private(file, text)
    except OSError as error:
        raise RecordUnwritable(
            f"{file} cannot be written: {error.strerror or error}. What was in it is kept."
        ) from None


def hand(folder: Path, chain: str, entry: Recorded) -> None:
    """Notes an entry in the profile's file and hands a copy to the agent's folder, where there is one.

    Raises `RecordUnwritable`, `RecordUnreadable`.
    """
    with _alone(folder):
        chains = read(folder / FILE)
        chains.put(chain, entry)
        _write_both(folder, chains)


def prove(folder: Path) -> None:
    """Writes the file as it is: called before a deployment that it could not note would be paid for.

    Raises `RecordUnwritable`, `RecordUnreadable`.
    """
    with _alone(folder):
        _write_both(folder, read(folder / FILE))


def _write_both(folder: Path, chains: Chains) -> None:
    write(folder / FILE, chains)
    handed = folder / "agent"
    if handed.is_dir():
        write(handed / FILE, chains)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two commands that note at once would each write what it read, and lose the other's entry."""
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise RecordUnwritable(f"{folder} cannot be opened: {error.strerror or error}.") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
