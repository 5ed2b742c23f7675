"""The invoke stack of a transaction's logs: which program stated which `Program data:` line.

Two launchpads share an event discriminator, so a line means nothing without the frame it stands in. What the logs
cannot say: precompiles (ed25519, secp256k1, secp256r1) log nothing, so counted positions are those of the programs
that do log; and a validator stops at about 10,000 bytes with `Log truncated` but goes on writing lines short enough
to fit, so nothing after that line is read.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

TRUNCATED = "Log truncated"
_DATA = "Program data: "


@dataclass(slots=True, eq=False)
class Frame:
    """One invocation of a program of interest, in the order of invocation."""

    program: str
    depth: int
    """1 for a top-level instruction."""
    outer: int
    """Position among the logged top-level instructions."""
    inner: int | None
    """Position among the logged inner instructions of that top-level one; None at depth 1."""
    parent: "Frame | None"
    """The nearest enclosing frame of interest."""
    caller: str | None
    """The program that invoked it; None at depth 1."""
    data: list[str] = field(default_factory=list)
    """Base64 of its own `Program data:` lines."""
    said: str | None = None
    """Its first `Program log: Instruction: ` text."""
    closed: bool = False


@dataclass(slots=True)
class InvokeStack:
    """The frames of interest of one transaction."""

    frames: list[Frame]
    truncated: bool
    broken: bool
    """A line contradicted the stack; frames up to it are right, nothing after it was read."""


def read_logs(logs: Sequence[str], wanted: Container[str]) -> InvokeStack:
    """Frames of the wanted programs with their data lines, from log lines in order.

    Lines are taken whole: an embedded line break is text, not a line.
    """
    frames: list[Frame] = []
    programs: list[str] = []
    stack: list[Frame | None] = []
    outer = -1
    inner = 0
    for line in logs:
        if line[:8] != "Program ":
            if line == TRUNCATED:
                return InvokeStack(frames, truncated=True, broken=False)
            continue
        head = line[8:13]
        if head == "log: ":
            if stack and line[13:26] == "Instruction: " and (top := stack[-1]) is not None and top.said is None:
                top.said = line[26:]
        elif head == "data:":
            if stack and (top := stack[-1]) is not None:
                top.data.append(line[14:])
        elif line[-8:] == " success":
            if not programs or line[8:-8] != programs.pop():
                return InvokeStack(frames, truncated=False, broken=True)
            if (top := stack.pop()) is not None:
                top.closed = True
        elif line[-1] == "]" and " invoke [" in line:
            depth = len(stack) + 1
            program, _, verb = line[8:].partition(" ")
            if verb != f"invoke [{depth}]":
                return InvokeStack(frames, truncated=False, broken=True)
            if depth == 1:
                outer += 1
                inner = 0
            if program in wanted:
                parent = next((f for f in reversed(stack) if f is not None), None) if stack else None
                caller = programs[-1] if programs else None
                frame = Frame(program, depth, outer, None if depth == 1 else inner, parent, caller)
                frames.append(frame)
                stack.append(frame)
            else:
                stack.append(None)
            programs.append(program)
            inner += depth > 1
        elif programs and line.startswith(f"Program {programs[-1]} failed"):
            programs.pop()
            stack.pop()
    return InvokeStack(frames, truncated=False, broken=False)
