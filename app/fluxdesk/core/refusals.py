"""The closed list of reasons a row may carry. `docs/decode.md` is generated from it; nothing else may be said."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a row is `unknown` or `refused`, or what a `pool` or `liquidity` row reports."""

    # the whole transaction
    NO_KNOWN_PROGRAM = "no_known_program"
    TRANSACTION_FAILED = "transaction_failed"
    NO_EXECUTION_RESULT = "no_execution_result"
    LOOKUP_TABLES_UNRESOLVED = "lookup_tables_unresolved"
    LOGS_TRUNCATED = "logs_truncated"
    MALFORMED_TRANSACTION = "malformed_transaction"
    DECODER_DEFECT = "decoder_defect"
    LOG_REMOVED = "log_removed"
    # one instruction or event
    NO_MARKET_EVENT = "no_market_event"
    UNKNOWN_INSTRUCTION = "unknown_instruction"
    UNKNOWN_EVENT = "unknown_event"
    MALFORMED_EVENT = "malformed_event"
    EVENT_MISSING = "event_missing"
    POOL_MINTS_UNKNOWN = "pool_mints_unknown"
    AMBIGUOUS_LEGS = "ambiguous_legs"
    UNKNOWN_FACTORY = "unknown_factory"
    # not failures: what a `pool` or `liquidity` row reports
    CURVE_COMPLETE = "curve_complete"
    LIQUIDITY_ADDED = "liquidity_added"
    LIQUIDITY_REMOVED = "liquidity_removed"


EXPLAINED: dict[Reason, str] = {
    Reason.NO_KNOWN_PROGRAM: "The transaction calls none of the launchpads and exchanges that Fluxdesk decodes.",
    Reason.TRANSACTION_FAILED: "The chain reverted the transaction; nothing it says happened.",
    Reason.NO_EXECUTION_RESULT: "The input holds no execution result (a shred, or a request that was never run), "
    "so nothing can be said about what happened.",
    Reason.LOOKUP_TABLES_UNRESOLVED: "Accounts come from address lookup tables whose contents the input does not hold.",
    Reason.LOGS_TRUNCATED: "The validator cut the logs; what came after the cut is not known from this input.",
    Reason.MALFORMED_TRANSACTION: "The bytes do not follow the transaction format.",
    Reason.DECODER_DEFECT: "A defect of Fluxdesk: its decoder failed on these bytes, which the journal keeps. "
    "The log says where.",
    Reason.LOG_REMOVED: "The node withdrew the log in a chain reorganisation.",
    Reason.NO_MARKET_EVENT: "A known program was called for something that is neither launch, trade, pool, liquidity "
    "nor migration (fees, settings, account upkeep).",
    Reason.UNKNOWN_INSTRUCTION: "A known program was called with an instruction that no layout table names.",
    Reason.UNKNOWN_EVENT: "A known program stated an event that no layout table names.",
    Reason.MALFORMED_EVENT: "An event of a known program is shorter than its oldest layout or holds impossible values.",
    Reason.EVENT_MISSING: "A market instruction ran, but the input does not hold the event that states its amounts.",
    Reason.POOL_MINTS_UNKNOWN: "The event names a pool but not its mints, and the pool has not been seen before.",
    Reason.AMBIGUOUS_LEGS: "The amounts do not form one leg in and one leg out.",
    Reason.UNKNOWN_FACTORY: "The pair does not belong to a factory in the settings, by CREATE2 address or by creator.",
    Reason.CURVE_COMPLETE: "The bonding curve sold out; the launchpad stops trading it.",
    Reason.LIQUIDITY_ADDED: "Liquidity was added to the pool.",
    Reason.LIQUIDITY_REMOVED: "Liquidity was removed from the pool.",
}
