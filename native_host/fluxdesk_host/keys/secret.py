"""A buffer for secret bytes that can be wiped, and that never shows its content by accident.

Python copies freely: what was ever text stays in memory until its page is used again. So a secret is kept in one
`bytearray`, handed out as a view of that array, and overwritten when it is closed or collected; fresh `bytes` that a
library returned are overwritten where they lie, once they were taken over. This shortens its life; it does not promise
that no copy exists.
"""

import hmac
from collections.abc import Callable
from typing import NoReturn, Self

Bytes = bytes | bytearray | memoryview


class SecretWiped(ValueError):
    """The secret was closed before this use."""

    def __init__(self) -> None:
        super().__init__("This secret was wiped already.")


class _Buffer(bytearray):
    """Bytes that overwrite themselves when the last view of them is gone."""

    __slots__ = ()

    def wipe(self) -> None:
        self[:] = bytes(len(self))

    def __del__(self) -> None:
        self.wipe()


class Secret:
    """Secret bytes. A context manager; `close` overwrites them. Not printable, picklable, hashable or copyable."""

    __slots__ = ("_buffer",)

    def __init__(self, data: Bytes) -> None:
        self._buffer: _Buffer | None = _Buffer(data)

    @classmethod
    def filled(cls, length: int, fill: Callable[[memoryview], object]) -> Self:
        """A secret of `length` bytes that `fill` writes in place; wiped when `fill` raises."""
        secret = cls(bytes(length))
        try:
            fill(secret.writable())
        except BaseException:
            secret.close()
            raise
        return secret

    @classmethod
    def random(cls, length: int) -> Self:
        """`length` bytes from the operating system's generator."""
        import os

        return cls.taking(os.urandom(length))

    @classmethod
    def taking(cls, fresh: bytes) -> Self:
        """A secret of bytes that were made for it and that nobody else has: they are zeros afterwards."""
        secret = cls(fresh)
        _overwrite(fresh)
        return secret

    @property
    def closed(self) -> bool:
        """Whether it was wiped."""
        return self._buffer is None

    def view(self) -> memoryview:
        """The bytes, read-only, without a copy. They turn to zeros when the secret is closed.

        Raises:
            SecretWiped: it was closed.
        """
        return self.writable().toreadonly()

    def writable(self) -> memoryview:
        """The bytes, writable, without a copy. Raises `SecretWiped`."""
        if self._buffer is None:
            raise SecretWiped
        return memoryview(self._buffer)

    def raw(self) -> bytearray:
        """The buffer itself, for libraries that take an address. It must not be kept. Raises `SecretWiped`."""
        if self._buffer is None:
            raise SecretWiped
        return self._buffer

    def part(self, start: int, stop: int) -> "Secret":
        """A secret of its own that holds a slice. Raises `SecretWiped`."""
        return Secret(self.view()[start:stop])

    def close(self) -> None:
        """Overwrite with zeros and forget. A second call does nothing."""
        if self._buffer is not None:
            self._buffer.wipe()
            self._buffer = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return 0 if self._buffer is None else len(self._buffer)

    def __repr__(self) -> str:
        return "Secret(wiped)" if self._buffer is None else f"Secret({len(self._buffer)} bytes)"

    def __eq__(self, other: object) -> bool:
        """Compared in a time that does not depend on the content."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.view(), other.view())

    __hash__ = None  # type: ignore[assignment]

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled or copied")


def _overwrite(fresh: bytes) -> None:
    """Zeros where an object is that nobody else may change. CPython shares those of one byte and of none."""
    import ctypes
    import sys

    if len(fresh) > 1 and sys.implementation.name == "cpython":
        ctypes.memset(id(fresh) + bytes.__basicsize__ - 1, 0, len(fresh))


def view_of(data: "Secret | Bytes") -> memoryview:
    """A read-only view of a secret or of plain bytes, for functions that take either. Raises `SecretWiped`."""
    return data.view() if isinstance(data, Secret) else memoryview(data).toreadonly()
