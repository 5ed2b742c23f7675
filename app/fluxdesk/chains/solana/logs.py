"""The invoke stack of a transaction's logs: which program stated which `Program data:` line.

Two launchpads share an event discriminator, so a line means nothing without the frame it stands in. What the logs
cannot say: precompiles (ed25519, secp256k1, secp256r1) log nothing, so counted positions are those of the programs
that do log; and a validator stops at about 10,000 bytes with `Log truncated` but goes on writing lines short enough
to fit, so nothing after that line is read.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from fluxdesk.native import kernel

TRUNCATED = "Log truncated"
DEEPEST = 64
"""Deeper stacks than the runtime allows by far are taken for broken logs."""


class Frame(NamedTuple):
    """One invocation of a program of interest, in the order of invocation."""

    program: int
    """Position in the programs asked for."""
    depth: int
    """1 for a top-level instruction."""
    outer: int
    """Position among the logged top-level instructions."""
    inner: int
    """Position among the logged inner instructions of that top-level one; -1 at depth 1."""
    parent: int
    """The nearest enclosing frame of interest, by position; -1 without one."""
    own_caller: int
    """1 when the same program invoked it directly."""
    said: str | None
    """Its first `Program log: Instruction: ` text."""
    payloads: tuple[bytes, ...]
    """Its own `Program data:` lines; empty bytes for one that is not base64."""
    closed: int
    """1 when its success was logged."""


RawFrame = tuple[int, int, int, int, int, int, str | None, tuple[bytes, ...], int]
"""The values of a `Frame`, in order."""


class InvokeStack(msgspec.Struct, frozen=True, gc=False):
    """The frames of interest of one transaction."""

    raw_frames: tuple[RawFrame, ...]
    truncated: int
    broken: int
    """1 when a line contradicted the stack; frames up to it are right, nothing after it was read."""

    @property
    def frames(self) -> tuple[Frame, ...]:
        """The frames with names for their values, which cost more than reading the logs."""
        return tuple(map(Frame._make, self.raw_frames))


def read_logs(logs: Sequence[str], programs: tuple[str, ...]) -> InvokeStack:
    """Frames of some programs, with what they stated, from log lines in order.

    Lines are taken whole: an embedded line break is text, not a line. Runs in the kernel where it is built.
    """
    return _read(logs, programs)


def read_logs_python(logs: Sequence[str], programs: tuple[str, ...]) -> InvokeStack:
    """`read_logs` without the kernel."""
    found: list[list[Any]] = []
    callers: list[str] = []
    of_interest: list[int] = []
    positions = {program: i for i, program in enumerate(programs)}
    outer, inner = -1, 0
    for line in logs:
        if line[:8] != "Program ":
            if line == TRUNCATED:
                return _stack(found, truncated=1)
            continue
        head = line[8:13]
        top = found[of_interest[-1]] if of_interest and of_interest[-1] >= 0 else None
        if head == "log: ":
            if top is not None and top[6] is None and line[13:26] == "Instruction: ":
                top[6] = line[26:]
        elif head == "data:" and line[13:14] == " ":
            if top is not None:
                top[7].append(_payload(line[14:]))
        elif line[-8:] == " success":
            if not callers or line[8:-8] != callers.pop():
                return _stack(found, broken=1)
            of_interest.pop()
            if top is not None:
                top[8] = 1
        elif line[-1] == "]" and " invoke [" in line:
            depth = len(callers) + 1
            program, _, verb = line[8:].partition(" ")
            if depth > DEEPEST or verb != f"invoke [{depth}]":
                return _stack(found, broken=1)
            if depth == 1:
                outer, inner = outer + 1, 0
            at = -1
            if program in positions:
                at = len(found)
                parent = next((f for f in reversed(of_interest) if f >= 0), -1)
                own = int(depth > 1 and callers[-1] == program)
                found.append([positions[program], depth, outer, inner if depth > 1 else -1, parent, own, None, [], 0])
            of_interest.append(at)
            callers.append(program)
            inner += depth > 1
        elif callers and line.startswith(f"Program {callers[-1]} failed"):
            callers.pop()
            of_interest.pop()
    return _stack(found)


def _stack(found: list[list[Any]], truncated: int = 0, broken: int = 0) -> InvokeStack:
    return InvokeStack(tuple((*f[:7], tuple(f[7]), f[8]) for f in found), truncated, broken)


def _payload(base64: str) -> bytes:
    from pybase64 import b64decode

    try:
        return b64decode(base64, validate=True)
    except ValueError:
        return b""  # shorter than any discriminator: it becomes an unknown event, not silence


def _with_kernel(read: Callable[..., Any]) -> Callable[[Sequence[str], tuple[str, ...]], InvokeStack]:
    def read_lines(logs: Sequence[str], programs: tuple[str, ...]) -> InvokeStack:
        try:
            return InvokeStack(*read(logs if isinstance(logs, list) else list(logs), programs))
        except UnicodeEncodeError:  # a lone surrogate, which only text made inside Python can hold
            return read_logs_python(logs, programs)

    return read_lines


def _first(logs: Sequence[str], programs: tuple[str, ...]) -> InvokeStack:
    global _read  # noqa: PLW0603 - loading a library is work, and importing a module does none
    functions = kernel()
    _read = read_logs_python if functions is None else _with_kernel(functions["read_logs"])
    return _read(logs, programs)


_read: Callable[[Sequence[str], tuple[str, ...]], InvokeStack] = _first
