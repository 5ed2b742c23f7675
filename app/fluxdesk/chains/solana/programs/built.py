"""The compiled programs, from resources/contracts/solana: what `python -m sbf` in contracts/solana built."""

import base64
from hashlib import sha256
from typing import Literal

import msgspec

from fluxdesk.core.resources import ResourceMissing, path

Name = Literal["claim", "launchpad"]


class Built(msgspec.Struct, frozen=True):
    """A program as it lies in the resources."""

    name: str
    sha256: str
    so: str
    """Base64."""


def program(name: Name) -> bytes:
    """The shared object. Raises `ResourceMissing` when it is not there or not what its hash says."""
    file = path(f"contracts/solana/{name}.json")
    try:
        built = msgspec.json.decode(file.read_bytes(), type=Built)
        so = base64.b64decode(built.so, validate=True)
    except (OSError, msgspec.DecodeError, ValueError) as e:
        raise ResourceMissing(f"The program {name} cannot be read from {file}.") from e
    if built.name != name or sha256(so).hexdigest() != built.sha256:
        raise ResourceMissing(f"The program {name} in {file} is not the one its hash names.")
    return so
