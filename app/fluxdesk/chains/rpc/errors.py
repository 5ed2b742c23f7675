"""What can go wrong between us and a chain, in our own words.

What an endpoint says is data: it decides which of these is raised, and is never the sentence that a user reads.
"""

from enum import StrEnum

import msgspec


class Why(StrEnum):
    """Why a chain would not take or run something."""

    ALREADY_KNOWN = "already_known"
    NONCE_TOO_LOW = "nonce_too_low"
    NONCE_TOO_HIGH = "nonce_too_high"
    UNDERPRICED = "underpriced"
    REPLACEMENT_UNDERPRICED = "replacement_underpriced"
    FEE_BELOW_BASE = "fee_below_base"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    GAS_TOO_LOW = "gas_too_low"
    REVERTED = "reverted"
    BLOCKHASH_UNKNOWN = "blockhash_unknown"
    TOO_LARGE = "too_large"
    BAD_SIGNATURE = "bad_signature"
    ACCOUNT_MISSING = "account_missing"
    RANGE_TOO_LARGE = "range_too_large"
    OTHER = "other"


EXPLAINED: dict[Why, str] = {
    Why.ALREADY_KNOWN: "The chain already has this transaction.",
    Why.NONCE_TOO_LOW: "Another transaction of this account already took this nonce.",
    Why.NONCE_TOO_HIGH: "An earlier transaction of this account is missing, so the chain does not take this one yet.",
    Why.UNDERPRICED: "The fee is below what the endpoint accepts.",
    Why.REPLACEMENT_UNDERPRICED: "The fee is not enough above that of the transaction it is to replace.",
    Why.FEE_BELOW_BASE: "The fee is below the base fee of the next block.",
    Why.INSUFFICIENT_FUNDS: "The account does not hold the amount and the fee.",
    Why.GAS_TOO_LOW: "The gas limit does not cover the transaction.",
    Why.REVERTED: "The contract or program refuses this transaction.",
    Why.BLOCKHASH_UNKNOWN: "The blockhash is too old, or the endpoint has not seen it yet.",
    Why.TOO_LARGE: "The transaction is larger than the chain takes.",
    Why.BAD_SIGNATURE: "The chain does not accept the signature.",
    Why.ACCOUNT_MISSING: "An account that the transaction needs does not exist.",
    Why.RANGE_TOO_LARGE: "The endpoint does not look through so many blocks at once.",
    Why.OTHER: "The endpoint refused the request.",
}


class ChainError(Exception):
    """The base of all of them; `str` is a sentence for the user."""


class Unreachable(ChainError):
    """No endpoint of the chain gave a usable answer.

    Attributes:
        tried: (endpoint as shown, why not) in the order in which they were asked.
    """

    def __init__(self, chain: str, tried: list[tuple[str, str]]):
        reasons = "; ".join(f"{shown}: {why}" for shown, why in tried) or "none is set"
        super().__init__(f"No endpoint of {chain} could be used ({reasons}).")
        self.tried = tried


class Refused(ChainError):
    """An endpoint understood and said no.

    Attributes:
        why: What it comes to.
        code: The endpoint's own number.
        said: Its words, cut to one line and without credentials: for a log, or as a quotation.
        data: What came with it, such as the bytes of a revert, as JSON.
    """

    def __init__(self, code: int, said: str, why: Why = Why.OTHER, data: bytes = b"null"):
        super().__init__(EXPLAINED[why])
        self.code, self.said, self.why, self.data = code, said, why, data


class NotUnderstood(ChainError):
    """An answer does not have the shape it must have."""

    def __init__(self, what: str):
        super().__init__(f"The endpoint's answer cannot be read: {what}.")


class Contradiction(ChainError):
    """Endpoints say different things about what must be the same, and no majority decides."""

    def __init__(self, what: str, endpoints: list[str]):
        super().__init__(f"Endpoints disagree about {what}: {', '.join(endpoints)}. Nothing was decided from it.")


class RpcError(msgspec.Struct):
    """The `error` of a JSON-RPC answer."""

    code: int = 0
    message: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")
