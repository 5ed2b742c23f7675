"""What EVM endpoints say when they refuse, read into the closed list. Each client words it differently."""

import re

from fluxdesk.chains.rpc.errors import Refused, Why

_WORDS: tuple[tuple[str, Why], ...] = (
    (r"already known|known transaction|already ?imported|already exists", Why.ALREADY_KNOWN),
    (r"nonce (is )?too low|old nonce|lower than the current nonce|invalid nonce.*expected", Why.NONCE_TOO_LOW),
    (r"nonce (is )?too high|nonce gap", Why.NONCE_TOO_HIGH),
    (r"replacement.*underpriced|underpriced.*replace", Why.REPLACEMENT_UNDERPRICED),
    (r"(less|lower) than (the )?(block )?base fee|base ?fee.*exceed|fee cap.*base", Why.FEE_BELOW_BASE),
    (r"underpriced|gas price (is )?(too )?low|below (the )?minimum|tip.*too low", Why.UNDERPRICED),
    (r"insufficient (funds|balance)|not enough funds|doesn't have enough|overdraft", Why.INSUFFICIENT_FUNDS),
    (r"intrinsic gas|gas (limit )?(is )?too low|out of gas|gas required exceeds", Why.GAS_TOO_LOW),
    (r"revert", Why.REVERTED),
    (r"invalid (sender|signature)|invalid chain ?id|wrong chain", Why.BAD_SIGNATURE),
    (
        r"block range|range (is )?too|more than \d+ (results|logs)|too many (results|blocks)|limited to",
        Why.RANGE_TOO_LARGE,
    ),
    (r"oversized|exceeds .*size|too large", Why.TOO_LARGE),
)
_REVERTED = 3


def classified(refused: Refused) -> Refused:
    """The same refusal with what it comes to."""
    said = refused.said.lower()
    found = next((why for words, why in _WORDS if re.search(words, said)), None)
    why = found or (Why.REVERTED if refused.code == _REVERTED else Why.OTHER)
    return Refused(refused.code, refused.said, why, refused.data)
