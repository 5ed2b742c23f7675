"""Bytes in, rows out. Never raises and never guesses: what cannot be read says so in a row of its own.

The result depends on the bytes and on the context alone; decoding adds the pools it learns to the context, in
order, so that a replay of the same bytes in the same order gives the same rows.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from fluxdesk.chains.evm.logs import Log, MalformedLog, read_log, read_receipt, stated_hash
from fluxdesk.chains.solana.calls import Malformed, Transaction, Unresolved, from_rpc, from_webhook
from fluxdesk.chains.solana.notices import read_notified
from fluxdesk.core.events import Kind, Provenance, Raw, Row, Shape, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.inputs import Found, find
from fluxdesk.launches.statements import EVENT_TAG, Reading, Statement, from_logs, from_stack, from_transaction
from fluxdesk.launches.venues import launchlab, meteora_damm_v2, meteora_dbc, pumpfun, pumpswap
from fluxdesk.launches.venues.common import Tape
from fluxdesk.launches.venues.uniswap_v2 import PairLogs

log = logging.getLogger(__name__)

_VENUES: Mapping[Venue, Callable[[Tape, Statement], None]] = {
    Venue.PUMPFUN: pumpfun.decode,
    Venue.PUMPSWAP: pumpswap.decode,
    Venue.METEORA_DBC: meteora_dbc.decode,
    Venue.METEORA_DAMM_V2: meteora_damm_v2.decode,
    Venue.RAYDIUM_LAUNCHLAB: launchlab.decode,
}
_TEXTS = frozenset({str})
_IDEMPOTENT = frozenset({"migrate", "migrate_v2"})
"""pump.fun instructions that succeed without an event when there is nothing left to do."""
_ROUTES = frozenset({"multi_hop_swap"})
"""Instructions whose hops may all be stated by another program that they call."""


def decode_raw(raw: Raw, ctx: DecodeContext) -> list[Row]:
    """Rows of what a source delivered; empty when the bytes hold nothing to decode."""
    if raw.shape is Shape.SOLANA_LOGS:
        read = read_notified(raw.payload, tuple(ctx.programs))
        if read is not None:  # the usual form, at a third of the cost; the rows are the same
            slot, signature, stack = read
            tape = Tape(ctx, signature, slot, None)
            return _rows(tape, from_stack(stack, ctx.programs), None)
    try:
        obj = msgspec.json.decode(raw.payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return [Row(kind=Kind.REFUSED, slot=raw.slot, reason=Reason.MALFORMED_TRANSACTION)]
    rows: list[Row] = []
    for found in find(obj):
        rows += decode_found(found if found.slot is not None else found._replace(slot=raw.slot), ctx)
    return rows


def defect(error: Exception, slot: int | None) -> list[Row]:
    """The row that stands for bytes on which the decoder raised, against its promise: one must not stop the others."""
    log.error("the decoder failed on bytes of slot %s", slot, exc_info=error)
    return _refused(None, slot, Reason.DECODER_DEFECT)


def decode_found(found: Found, ctx: DecodeContext) -> list[Row]:
    """Rows of one transaction, notification, receipt, batch of EVM logs or bare event."""
    return _READERS.get(found.shape, _transaction)(found, ctx)


def _refused(signature: str | None, slot: int | None, reason: Reason, kind: Kind = Kind.REFUSED) -> list[Row]:
    return [Row(kind=kind, signature=signature, slot=slot, reason=reason)]


def _stated_signature(obj: Any) -> str | None:
    tx = obj.get("transaction")
    signatures = tx.get("signatures") if isinstance(tx, dict) else None
    first = signatures[0] if isinstance(signatures, list) and signatures else obj.get("signature")
    return first if isinstance(first, str) else None


def _slot(obj: dict[str, Any]) -> int | None:
    slot = obj.get("slot")
    return slot if type(slot) is int and 0 <= slot < 1 << 63 else None


def _transaction(found: Found, ctx: DecodeContext) -> list[Row]:
    try:
        if found.shape is Shape.HELIUS:
            tx = from_webhook(found.value)
        else:
            tx = from_rpc(found.value, found.slot, found.block_time)
        if not tx.executed:
            return _refused(tx.signature, tx.slot, Reason.NO_EXECUTION_RESULT, Kind.UNKNOWN)
        if tx.failed:
            return _refused(tx.signature, tx.slot, Reason.TRANSACTION_FAILED)
        reading = from_transaction(tx, ctx.programs)
        tape = Tape(ctx, tx.signature, tx.slot, tx.block_time, tx)
        return _rows(tape, reading, tx)
    except Malformed:
        return _refused(_stated_signature(found.value), found.slot, Reason.MALFORMED_TRANSACTION)
    except Unresolved:
        return _refused(_stated_signature(found.value), found.slot, Reason.LOOKUP_TABLES_UNRESOLVED, Kind.UNKNOWN)


def _logs(found: Found, ctx: DecodeContext) -> list[Row]:
    obj = found.value
    signature = obj.get("signature")
    signature = signature if isinstance(signature, str) else None
    lines = obj.get("logs") if isinstance(obj.get("logs"), list) else obj.get("logMessages")
    if not isinstance(lines, list) or not _TEXTS.issuperset(map(type, lines)):
        return _refused(signature, found.slot, Reason.MALFORMED_TRANSACTION)
    slot = _slot(obj) if _slot(obj) is not None else found.slot
    if obj.get("err") is not None or _ends_in_failure(lines):
        return _refused(signature, slot, Reason.TRANSACTION_FAILED)
    return _rows(Tape(ctx, signature, slot, found.block_time), from_logs(lines, ctx.programs), None)


def _ends_in_failure(lines: list[str]) -> bool:
    """Whether a program failed last, which reverts the transaction: some RPC servers leave `err` empty all the same."""
    if not lines or " failed: " not in lines[-1]:
        return False
    program, _, verb = lines[-1].removeprefix("Program ").partition(" ")
    return lines[-1].startswith("Program ") and verb.startswith("failed: ") and not program.endswith(":")


def _rows(tape: Tape, reading: Reading, tx: Transaction | None) -> list[Row]:
    for st in reading.statements:
        if st.migrating and not _trades(st):
            # part of the launchpad's migration: its pools are learnt, its rows would state the migration twice
            _VENUES[st.venue](Tape(tape.ctx, tape.signature, tape.slot, tape.block_time, tx), st)
            continue
        before = len(tape.rows)
        _VENUES[st.venue](tape, st)
        if len(tape.rows) == before and not st.events:
            _silent(tape, st, reading)
    if reading.truncated or reading.broken:
        tape.row(
            Kind.UNKNOWN,
            None,
            None,
            reason=Reason.LOGS_TRUNCATED if reading.truncated else Reason.MALFORMED_TRANSACTION,
        )
    if not tape.rows:
        venue = reading.statements[0].venue if reading.statements else None
        reason = Reason.NO_MARKET_EVENT if reading.statements else Reason.NO_KNOWN_PROGRAM
        tape.row(Kind.UNKNOWN, venue, None, reason=reason)
    return tape.rows


def _trades(st: Statement) -> bool:
    return st.instruction is not None and st.instruction.name.startswith(("buy", "sell", "swap", "multi_hop"))


def _routed(st: Statement, reading: Reading) -> bool:
    """Whether every hop of a route was stated by the programs that it called."""
    if st.instruction is None or st.instruction.name not in _ROUTES:
        return False
    inside = (other for other in reading.statements if other.outer == st.outer and other is not st)
    return any(o.events and (o.depth is None or st.depth is None or o.depth > st.depth) for o in inside)


def _silent(tape: Tape, st: Statement, reading: Reading) -> None:
    """An instruction that stated no event: said, unless it states none by nature or the cut logs account for it."""
    if st.instruction is None:
        if st.named or not reading.truncated:
            tape.unknown(st, Reason.UNKNOWN_INSTRUCTION)
    elif _routed(st, reading):
        return
    elif st.instruction.market and st.instruction.name not in _IDEMPOTENT and not reading.truncated:
        tape.unknown(st, Reason.EVENT_MISSING)


def _bare(found: Found, ctx: DecodeContext) -> list[Row]:
    """One event of a named program, without the transaction around it."""
    obj = found.value
    from pybase64 import b64decode

    signature = obj.get("signature") if isinstance(obj.get("signature"), str) else None
    slot = _slot(obj)
    venue = ctx.programs.get(obj["program"])
    if venue is None:
        return _refused(signature, slot, Reason.NO_KNOWN_PROGRAM, Kind.UNKNOWN)
    tape = Tape(ctx, signature, slot, None)
    st = Statement(venue, obj["program"], "0", None, False, None, b"", None, 0, provenance=Provenance.EVENT_LOG)
    try:
        st.events.append(b64decode(obj["program_data"], validate=True).removeprefix(EVENT_TAG))
    except ValueError:
        return _refused(signature, slot, Reason.MALFORMED_EVENT)
    _VENUES[venue](tape, st)
    rows = tape.rows or [
        Row(kind=Kind.UNKNOWN, venue=venue, signature=signature, slot=slot, reason=Reason.NO_MARKET_EVENT)
    ]
    return [msgspec.structs.replace(row, index=None) for row in rows]


def _evm(found: Found, ctx: DecodeContext) -> list[Row]:
    if found.shape is Shape.EVM_LOG:
        return _evm_logs(found.value, ctx)
    try:
        receipt = read_receipt(found.value)
    except MalformedLog:
        return _refused(stated_hash(found.value), None, Reason.MALFORMED_TRANSACTION)
    if receipt.failed:
        return _refused(receipt.tx, receipt.block, Reason.TRANSACTION_FAILED)
    rows = PairLogs(ctx, receipt.logs, receipt.sender).rows()
    return rows or _refused(receipt.tx, receipt.block, Reason.NO_KNOWN_PROGRAM, Kind.UNKNOWN)


def _evm_logs(objects: list[dict[str, Any]], ctx: DecodeContext) -> list[Row]:
    """Rows of a batch: a log that cannot be read is refused by itself, after what the others say."""
    logs: list[Log] = []
    refused: list[Row] = []
    for obj in objects:
        try:
            logs.append(read_log(obj))
        except MalformedLog:
            refused += _refused(stated_hash(obj), None, Reason.MALFORMED_TRANSACTION)
    rows = PairLogs(ctx, logs).rows() + refused
    return rows or _refused(logs[0].tx, logs[0].block, Reason.NO_KNOWN_PROGRAM, Kind.UNKNOWN)


_READERS: Mapping[Shape, Callable[[Found, DecodeContext], list[Row]]] = {
    Shape.EVM_LOG: _evm,
    Shape.EVM_RECEIPT: _evm,
    Shape.SOLANA_LOGS: _logs,
    Shape.BARE_EVENT: _bare,
}
