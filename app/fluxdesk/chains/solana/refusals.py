"""What Solana endpoints say when they refuse a transaction, read into the closed list.

Codes: `rpc-client-api` custom errors of Agave (-32002 preflight failure, -32003 signature verification). Which
instruction failed stands in the error's data, whose shape differs by version, so the words are read.
"""

import re

from fluxdesk.chains.rpc.errors import Refused, Why

_WORDS: tuple[tuple[str, Why], ...] = (
    (r"already (been )?processed|alreadyprocessed", Why.ALREADY_KNOWN),
    (r"blockhash ?not ?found|block height exceeded", Why.BLOCKHASH_UNKNOWN),
    (r"insufficient ?funds|insufficient lamports|custom program error: 0x1\b|debit an account", Why.INSUFFICIENT_FUNDS),
    (r"account ?not ?found|could not find account|invalid account data|uninitialized", Why.ACCOUNT_MISSING),
    (r"too large|exceed(s|ed) .*(size|max)", Why.TOO_LARGE),
    (r"signature (verification|failure)|signaturefailure|not verified", Why.BAD_SIGNATURE),
    (r"custom program error|instructionerror|error processing instruction|instruction \d+", Why.REVERTED),
)
_SIGNATURE = -32003


def why(text: str) -> Why:
    """What a message or a transaction error, as text, comes to."""
    return next((found for words, found in _WORDS if re.search(words, text.lower())), Why.OTHER)


def classified(refused: Refused) -> Refused:
    """The same refusal with what it comes to."""
    found = Why.BAD_SIGNATURE if refused.code == _SIGNATURE else why(refused.said)
    return Refused(refused.code, refused.said, found, refused.data)
