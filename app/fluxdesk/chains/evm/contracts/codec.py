"""What the generated modules stand on: dataclasses to ABI bytes and back, strictly.

Source: Solidity documentation, Contract ABI Specification. Addresses are lower-case hex with 0x. eth_abi is imported
when something is encoded or decoded and not before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, ClassVar, Self


class Undecodable(ValueError):
    """Bytes are not what they were taken for; the message says as what."""


@dataclass(frozen=True, slots=True)
class Many:
    """Where a list of structs stands: what each becomes."""

    each: Any


def encode(types: Sequence[str], values: Sequence[object]) -> bytes:
    """ABI bytes of values. Raises `ValueError` for a value that is not of its type."""
    from eth_abi.abi import encode as encoded
    from eth_abi.exceptions import EncodingError

    try:
        return encoded(tuple(types), tuple(_plain(value) for value in values))
    except (EncodingError, TypeError, OverflowError) as error:
        raise ValueError(f"not of type ({','.join(types)}): {error}") from None


def decode(types: Sequence[str], data: bytes, into: Sequence[Any] = ()) -> tuple[Any, ...]:
    """Values of ABI bytes; where `into` names a struct, as that. Raises `Undecodable`.

    Only the one canonical encoding is accepted, so that what was decoded says everything that was there.
    """
    from eth_abi.abi import decode as decoded
    from eth_abi.abi import encode as encoded
    from eth_abi.exceptions import DecodingError, EncodingError

    try:
        values = decoded(tuple(types), data)
        canonical = encoded(tuple(types), values)
    except (DecodingError, EncodingError, OverflowError, UnicodeDecodeError) as error:
        raise Undecodable(f"{len(data)} bytes are no ({','.join(types)})") from error
    if canonical != data:
        raise Undecodable(f"{len(data)} bytes are no canonical ({','.join(types)})")
    return tuple(_made(shape, value) for shape, value in zip(into or (None,) * len(values), values, strict=True))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(_plain(getattr(value, field.name)) for field in fields(value))
    return tuple(_plain(each) for each in value) if isinstance(value, list | tuple) else value


def _made(shape: Any, value: Any) -> Any:
    if shape is None:
        return value
    if isinstance(shape, Many):
        return tuple(_made(shape.each, each) for each in value)
    return shape(*(_made(inner, part) for inner, part in zip(shape.INTO, value, strict=True)))


class Struct:
    """A Solidity struct. `INTO` says which of its members are structs."""

    __slots__ = ()
    INTO: ClassVar[tuple[Any, ...]] = ()


class _Coded:
    __slots__ = ()
    INPUTS: ClassVar[tuple[str, ...]] = ()
    INTO: ClassVar[tuple[Any, ...]] = ()

    def _encoded(self) -> bytes:
        return encode(self.INPUTS, [getattr(self, field.name) for field in fields(self)])  # type: ignore[arg-type]


class Constructor(_Coded):
    """What a contract is made with."""

    __slots__ = ()

    def encode(self) -> bytes:
        """What is appended to the creation code."""
        return self._encoded()


class Selected(_Coded):
    """What begins with a selector: calls and errors."""

    __slots__ = ()
    SELECTOR: ClassVar[bytes] = b""

    def encode(self) -> bytes:
        """Selector and arguments."""
        return self.SELECTOR + self._encoded()

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """What `encode` gave. Raises `Undecodable`."""
        if data[:4] != cls.SELECTOR:
            raise Undecodable(f"{data[:4].hex()} is not the selector of {cls.__name__}")
        return cls(*decode(cls.INPUTS, data[4:], cls.INTO))


class Call(Selected):
    """A function with its arguments."""

    __slots__ = ()
    OUTPUTS: ClassVar[tuple[str, ...]] = ()
    OUT_INTO: ClassVar[tuple[Any, ...]] = ()

    @classmethod
    def results(cls, data: bytes) -> tuple[Any, ...]:
        """What the function returned. Raises `Undecodable`."""
        return decode(cls.OUTPUTS, data, cls.OUT_INTO)


class Reverted(Selected):
    """A custom error."""

    __slots__ = ()


class Event(_Coded):
    """A log. An indexed value that has no fixed size stands as its hash."""

    __slots__ = ()
    TOPIC: ClassVar[bytes] = b""
    INDEXED: ClassVar[tuple[bool, ...]] = ()

    @classmethod
    def decode(cls, topics: Sequence[bytes], data: bytes) -> Self:
        """From a log's topics and data. Raises `Undecodable`."""
        if not topics or topics[0] != cls.TOPIC or len(topics) != 1 + sum(cls.INDEXED):
            raise Undecodable(f"these topics are not of {cls.__name__}")
        kinds = list(zip(cls.INPUTS, cls.INTO, cls.INDEXED, strict=True))
        indexed = iter([decode([kind], topic)[0] for kind, topic in zip(
            [kind for kind, _, held in kinds if held], topics[1:], strict=True)])  # fmt: skip
        rest = iter(decode([k for k, _, held in kinds if not held], data, [i for _, i, held in kinds if not held]))
        return cls(*(next(indexed if held else rest) for held in cls.INDEXED))
