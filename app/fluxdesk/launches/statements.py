"""What each venue's program said in a transaction: one `Statement` per instruction of a known program, in the order
they ran.

An event counts once, whether it stands in a self-CPI, in a log line or in both. From a whole transaction the
self-CPIs are read, since they are bound to their instruction and cannot be truncated; logs are read where a program
made no self-CPI, and when logs are all there is.
"""

from collections.abc import Mapping, Sequence

import msgspec

from fluxdesk.chains.solana.calls import Call, Transaction
from fluxdesk.chains.solana.logs import Frame, InvokeStack, read_logs
from fluxdesk.core.events import Provenance, Venue
from fluxdesk.launches.layout import Instruction, program

EVENT_TAG = bytes.fromhex("e445a52e51cb9a1d")
"""First eight bytes of an Anchor event self-CPI (anchor_lang::event::EVENT_IX_TAG)."""

_LOGGED = Provenance.EVENT_LOG

SILENT_PROGRAMS = frozenset(
    {
        "Ed25519SigVerify111111111111111111111111111",
        "KeccakSecp256k11111111111111111111111111111",
        "Secp256r1SigVerify1111111111111111111111111",
    }
)
"""Precompiles: they run and log nothing."""


class Statement(msgspec.Struct, eq=False, gc=False):
    """One instruction of a venue's program and the events it stated."""

    venue: Venue
    program: str
    index: str
    instruction: Instruction | None
    """None when its discriminator is in no table, or is not in the input."""
    named: bool
    """False when the input does not even let one see which instruction it is (logs without a name)."""
    call: Call | None
    data: bytes
    depth: int | None
    outer: int
    migrating: bool = False
    """It ran inside a launchpad's migration and is part of that."""
    events: list[bytes] = []
    provenance: Provenance = Provenance.EVENT_CPI
    _accounts: list[str] | None = None

    def account(self, name: str) -> str | None:
        """The account in a named position; None without accounts or without that name. Raises `Unresolved`,
        `Malformed`.
        """
        if self.call is None or self.instruction is None:
            return None
        if self._accounts is None:
            self._accounts = self.call.accounts()
        slot = self.instruction.slot(name, len(self._accounts))
        return self._accounts[slot] if slot is not None and slot < len(self._accounts) else None

    def account_before(self, address: str, steps: int) -> str | None:
        """The account that stands `steps` places before another one; for lists that repeat in groups."""
        accounts = self.call.accounts() if self.call is not None else []
        at = accounts.index(address) - steps if address in accounts else -1
        return accounts[at] if at >= 0 else None


class Reading(msgspec.Struct, frozen=True, gc=False):
    """All statements of a transaction."""

    statements: list[Statement]
    truncated: bool
    """The logs ended early and events may be missing because of it."""
    broken: bool


def _is_migration(st: Statement) -> bool:
    return st.instruction is not None and "migrat" in st.instruction.name and st.instruction.market


def from_transaction(tx: Transaction, programs: Mapping[str, Venue]) -> Reading:
    """Statements of a whole transaction. Raises `Malformed`, `Unresolved`."""
    statements: list[Statement] = []
    open_: list[Statement] = []
    for call in tx.calls_of(programs):
        if open_ and open_[0].outer != call.outer:
            open_ = []
        data = call.data()
        if data[:8] == EVENT_TAG:
            owner = _owner(open_, call)
            if owner is not None and len(data) > len(EVENT_TAG):  # a bare tag only proves the event authority
                owner.events.append(data[8:])
            continue
        venue = programs[call.program]
        instruction = program(venue).instructions.get(data[:8])
        st = Statement(venue, call.program, call.index, instruction, True, call, data, call.height, call.outer)
        st.migrating = any(_is_migration(p) and _encloses(p, st) for p in open_)
        statements.append(st)
        open_.append(st)
    truncated = False
    if tx.logs is not None and not all(st.events for st in statements):
        truncated = _events_from_logs(tx, statements, programs)
    if tx.logs is not None and not tx.inner:
        return _with_logged_calls(tx, Reading(statements, truncated, broken=False), programs)
    return Reading(statements, truncated, broken=False)


def _owner(open_: list[Statement], call: Call) -> Statement | None:
    """The instruction that an event self-CPI belongs to: the nearest one of the same program that encloses it."""
    height = call.height
    for st in reversed(open_):
        if st.program == call.program and (height is None or st.depth is None or st.depth == height - 1):
            return st
    return None


def _encloses(parent: Statement, child: Statement) -> bool:
    return parent.depth is None or child.depth is None or parent.depth < child.depth


def _logged(tx: Transaction) -> list[int]:
    """Positions of the top-level instructions that log, in order."""
    return [o for o, raw in enumerate(tx.outer) if tx.program_of(raw) not in SILENT_PROGRAMS]


def _events_from_logs(tx: Transaction, statements: list[Statement], programs: Mapping[str, Venue]) -> bool:
    """Gives events of log lines to instructions that made no self-CPI.

    True when logs were cut and one of these may have lost its events.
    """
    assert tx.logs is not None
    ids = tuple(programs)
    stack = read_logs(tx.logs, ids)
    logged = _logged(tx)
    frames = {}
    for frame in stack.frames:
        if frame.outer < len(logged):
            frames[_index(logged[frame.outer], frame.inner)] = frame
    cut = False
    for st in statements:
        if st.events:
            continue
        frame_ = frames.get(st.index)
        if frame_ is not None and ids[frame_.program] == st.program:
            st.events = list(frame_.payloads)
            st.provenance = _LOGGED
            _take_back(st, statements, frames)
            cut = cut or bool(stack.truncated and not frame_.closed)
        else:
            cut = cut or bool(stack.truncated)
    return cut


def _take_back(st: Statement, statements: list[Statement], frames: Mapping[str, Frame]) -> None:
    """Without stack heights a self-CPI may have gone to a nested call of the same program: the logs know better."""
    for other in statements:
        if other is not st and other.program == st.program and other.outer == st.outer and other.provenance != _LOGGED:
            own = frames[other.index].payloads if other.index in frames else ()
            other.events = [e for e in other.events if e not in st.events or e in own]


def _with_logged_calls(tx: Transaction, reading: Reading, programs: Mapping[str, Venue]) -> Reading:
    """Adds the inner calls that the logs show, for input that was recorded without its inner instructions."""
    shown = from_logs(tx.logs or (), programs)
    logged = _logged(tx)
    placed = [((st.outer, -1), st) for st in reading.statements]
    for st in shown.statements:
        if st.depth != 1 and st.outer < len(logged):
            st.outer, inner = logged[st.outer], int(st.index.partition(".")[2])
            st.index = _index(st.outer, inner)
            placed.append(((st.outer, inner), st))
    placed.sort(key=lambda place: place[0])
    unrecorded = tx.meta.get("innerInstructions") is None
    truncated = reading.truncated or (shown.truncated and (unrecorded or bool(placed)))
    return Reading([st for _, st in placed], truncated, shown.broken)


def _index(outer: int, inner: int) -> str:
    return str(outer) if inner < 0 else f"{outer}.{inner}"


def from_logs(logs: Sequence[str], programs: Mapping[str, Venue]) -> Reading:
    """Statements as far as the logs of a transaction show them; accounts and arguments are not in them."""
    return from_stack(read_logs(logs, tuple(programs)), programs)


def from_stack(stack: InvokeStack, programs: Mapping[str, Venue]) -> Reading:
    """The same from lines that were read already, with the programs in their order."""
    ids = tuple(programs)
    statements: list[Statement] = []
    by_frame: dict[int, Statement] = {}
    for at, (which, depth, outer, inner, parent, own_caller, said, payloads, _) in enumerate(stack.raw_frames):
        named = said is not None
        if own_caller and not named and not payloads:
            continue  # the self-CPI of an event
        program_id = ids[which]
        venue = programs[program_id]
        instruction = program(venue).by_log_name.get(said) if said is not None else None
        index = _index(outer, inner)
        migrating = parent >= 0 and _inside_migration(parent, stack.frames, by_frame)
        events = list(payloads)
        by_frame[at] = st = Statement(
            venue, program_id, index, instruction, named, None, b"", depth, outer, migrating, events, _LOGGED
        )
        statements.append(st)
    return Reading(statements, bool(stack.truncated), bool(stack.broken))


def _inside_migration(up: int, frames: Sequence[Frame], by_frame: Mapping[int, Statement]) -> bool:
    while up >= 0:
        st = by_frame.get(up)
        if st is not None and _is_migration(st):
            return True
        up = frames[up].parent
    return False
