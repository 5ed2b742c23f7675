"""A `logsNotification` read in one pass, in the form that Solana's RPC servers write it in.

Either function answers None for any other form, however slightly different, and where the kernel is not built: the
caller then takes the way that every JSON takes. Source: the RPC's `logsSubscribe`, as seen from Agave and Surfpool.
"""

from collections.abc import Callable
from typing import Any

from fluxdesk.chains.solana.logs import InvokeStack
from fluxdesk.native import kernel

Notice = tuple[int, int, str, bytes]
"""Subscription, slot, signature, and the notification's `result` as it arrived."""


def read_notice(frame: bytes) -> Notice | None:
    """A whole frame: `{"jsonrpc":"2.0","method":"logsNotification","params":{"result":...,"subscription":1}}`."""
    notice: Notice | None = _read_notice(frame)
    return notice


def read_notified(result: bytes, programs: tuple[str, ...]) -> tuple[int, str, InvokeStack] | None:
    """(slot, signature, frames of some programs) from the `result` of a frame about a transaction that succeeded:
    `{"context":{"slot":1},"value":{"signature":"...","err":null,"logs":[...]}}`.
    """
    read = _read_notified(result, programs)
    return None if read is None else (read[0], read[1], InvokeStack(read[2], read[3], read[4]))


def _no_kernel(*_: Any) -> None:
    return None


def _bind() -> None:
    global _read_notice, _read_notified  # noqa: PLW0603 - loading a library is work, and importing a module does none
    functions = kernel()
    _read_notice = _no_kernel if functions is None else functions["read_notice"]
    _read_notified = _no_kernel if functions is None else functions["read_notified"]


def _first_notice(frame: bytes) -> Any:
    _bind()
    return _read_notice(frame)


def _first_notified(result: bytes, programs: tuple[str, ...]) -> Any:
    _bind()
    return _read_notified(result, programs)


_read_notice: Callable[[bytes], Any] = _first_notice
_read_notified: Callable[[bytes, tuple[str, ...]], Any] = _first_notified
