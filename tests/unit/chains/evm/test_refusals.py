"""What clients of Ethereum say when they refuse, as they say it, and what it comes to."""

import pytest

from fluxdesk.chains.evm.refusals import classified
from fluxdesk.chains.rpc.errors import EXPLAINED, Refused, Why


@pytest.mark.parametrize(
    ("code", "said", "why"),
    [
        (-32000, "already known", Why.ALREADY_KNOWN),
        (-32003, "transaction already imported", Why.ALREADY_KNOWN),
        (-32000, "nonce too low: next nonce 5, tx nonce 3", Why.NONCE_TOO_LOW),
        (-32000, "nonce too high", Why.NONCE_TOO_HIGH),
        (-32000, "replacement transaction underpriced", Why.REPLACEMENT_UNDERPRICED),
        (-32000, "transaction underpriced: gas tip cap 1, minimum needed 25", Why.UNDERPRICED),
        (-32000, "max fee per gas less than block base fee: address 0x, maxFeePerGas: 1", Why.FEE_BELOW_BASE),
        (-32003, "max fee per gas less than block base fee", Why.FEE_BELOW_BASE),
        (-32000, "insufficient funds for gas * price + value", Why.INSUFFICIENT_FUNDS),
        (-32003, "Insufficient funds for gas * price + value", Why.INSUFFICIENT_FUNDS),
        (-32000, "intrinsic gas too low", Why.GAS_TOO_LOW),
        (3, "execution reverted: no", Why.REVERTED),
        (3, "", Why.REVERTED),
        (-32000, "invalid sender", Why.BAD_SIGNATURE),
        (-32602, "exceed maximum block range: 50000", Why.RANGE_TOO_LARGE),
        (-32602, "query returned more than 10000 results", Why.RANGE_TOO_LARGE),
        (-32000, "something new", Why.OTHER),
    ],
)
def test_a_refusal_is_read(code: int, said: str, why: Why) -> None:
    read = classified(Refused(code, said))
    assert (read.why, str(read)) == (why, EXPLAINED[why])
    assert read.said not in str(read) or not said


def test_every_reason_has_its_sentence() -> None:
    assert set(EXPLAINED) == set(Why)
