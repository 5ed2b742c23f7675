"""The invoke stack of a transaction's logs: which program stated which `Program data:` line.

Two launchpads share an event discriminator, so a line means nothing without the frame it stands in. What the logs
cannot say: precompiles (ed25519, secp256k1, secp256r1) log nothing, so counted positions are those of the programs
that do log; and a validator stops at about 10,000 bytes with `Log truncated` but goes on writing lines short enough
to fit, so nothing after that line is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

TRUNCATED = "Log truncated"
_DATA = "Program data: "


@dataclass(slots=True)
class Frame:
    """One program invocation, in the order of invocation."""

    program: str
    depth: int
    """1 for a top-level instruction."""
    outer: int
    """Position among the logged top-level instructions."""
    inner: int | None
    """Position among the logged inner instructions of that top-level one; None at depth 1."""
    parent: "Frame | None"
    data: list[str] = field(default_factory=list)
    """Base64 of its own `Program data:` lines."""
    said: list[str] = field(default_factory=list)
    """Its own `Program log:` texts that begin with `Instruction: `."""
    closed: bool = False


@dataclass(slots=True)
class InvokeStack:
    """All frames of one transaction."""

    frames: list[Frame]
    truncated: bool
    broken: bool
    """A line contradicted the stack; frames up to it are right, nothing after it was read."""


def read_logs(logs: Sequence[str]) -> InvokeStack:
    """Frames with their data lines, from log lines in order. Lines are taken whole: an embedded line break is text,
    not a line.
    """
    frames: list[Frame] = []
    stack: list[Frame] = []
    outer = -1
    inner = 0
    for line in logs:
        if not line.startswith("Program "):
            if line == TRUNCATED:
                return InvokeStack(frames, truncated=True, broken=False)
            continue
        if line.startswith(_DATA):
            if stack:
                stack[-1].data.append(line[14:])
            continue
        if line.startswith("Program log: "):
            if stack and line.startswith("Program log: Instruction: "):
                stack[-1].said.append(line[26:])
            continue
        program, _, verb = line[8:].partition(" ")
        if verb.startswith("invoke ["):
            depth = len(stack) + 1
            if verb != f"invoke [{depth}]":
                return InvokeStack(frames, truncated=False, broken=True)
            if depth == 1:
                outer += 1
                inner = 0
                frame = Frame(program, 1, outer, None, None)
            else:
                frame = Frame(program, depth, outer, inner, stack[-1])
                inner += 1
            frames.append(frame)
            stack.append(frame)
        elif verb == "success" or verb.startswith("failed"):
            if not stack or stack[-1].program != program:
                return InvokeStack(frames, truncated=False, broken=True)
            stack.pop().closed = True
    return InvokeStack(frames, truncated=False, broken=False)
