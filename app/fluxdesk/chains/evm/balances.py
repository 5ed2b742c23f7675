"""What an account holds on an EVM chain: the coin and any number of ERC-20 tokens, all as of one block."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.words import Quantity, Word
from fluxdesk.chains.rpc.errors import NotUnderstood, Refused

_BALANCE_OF = "0x70a08231" + "00" * 12
_AT_ONCE = 100


class Holdings(NamedTuple):
    """Base units as of block `block`. `tokens`: None where the contract does not answer as a token does."""

    block: int
    native: int
    tokens: dict[str, int | None]


async def holdings(client: EvmClient, account: str, tokens: Sequence[str] = ()) -> Holdings:
    """Everything at one block, a hundred questions a request. Raises `ChainError`."""
    head = await client.head()
    at = hex(head.number)
    native = _word(await client.rpc.call("eth_getBalance", [account, at]), exact=False)
    if native is None:
        raise NotUnderstood("a balance")
    held: dict[str, int | None] = {}
    for start in range(0, len(tokens), _AT_ONCE):
        part = tokens[start : start + _AT_ONCE]
        answers = await client.batch(
            [("eth_call", [{"to": token, "data": _BALANCE_OF + account[2:]}, at]) for token in part]
        )
        held.update(zip(part, map(_word_or_none, answers), strict=True))
    return Holdings(head.number, native, held)


def _word_or_none(answer: bytes | Refused) -> int | None:
    return None if isinstance(answer, Refused) else _word(answer)


def _word(raw: bytes, exact: bool = True) -> int | None:
    """A quantity, or with `exact` one ABI word; None for anything else."""
    try:
        return int(msgspec.json.decode(raw, type=Word if exact else Quantity), 16)
    except (msgspec.MsgspecError, RecursionError):
        return None
