"""What a token's contract says of itself: symbol, name, decimals. Remote words: bounded, nothing unseen in them.

Old tokens answer with bytes32 in place of a string (as Maker's do); both are read. What is neither is not said.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.words import Data
from fluxdesk.chains.rpc.errors import Refused
from fluxdesk.core.remote_text import NAME_MOST, SYMBOL_MOST, shown

_SYMBOL, _NAME, _DECIMALS = "0x95d89b41", "0x06fdde03", "0x313ce567"
_DECIMALS_MOST = 77
_TEXT_MOST = 4_096
"""Bytes of a string that are looked at."""
_TOKENS_AT_ONCE = 33

_data = msgspec.json.Decoder(Data)


class TokenWords(NamedTuple):
    """Empty, or None, where the contract says nothing that can be shown."""

    symbol: str = ""
    name: str = ""
    decimals: int | None = None


async def token_words(client: EvmClient, tokens: Sequence[str]) -> dict[str, TokenWords]:
    """What each contract says. Raises `ChainError`."""
    found: dict[str, TokenWords] = {}
    for start in range(0, len(tokens), _TOKENS_AT_ONCE):
        part = tokens[start : start + _TOKENS_AT_ONCE]
        asked = [("eth_call", [{"to": t, "data": d}, "latest"]) for t in part for d in (_SYMBOL, _NAME, _DECIMALS)]
        answers = [answered(answer) for answer in await client.batch(asked)]
        for i, token in enumerate(part):
            symbol, name, decimals = answers[3 * i : 3 * i + 3]
            found[token] = TokenWords(
                shown(abi_text(symbol), SYMBOL_MOST), shown(abi_text(name), NAME_MOST), _small(decimals)
            )
    return found


def abi_text(data: bytes) -> str:
    """A returned `string`, or a `bytes32` that holds text up to its first zero; empty for anything else."""
    if len(data) == 32:
        return data.split(b"\0", 1)[0].decode("utf-8", "replace")
    if len(data) < 64:
        return ""
    offset = int.from_bytes(data[:32], "big")
    if offset > len(data) - 32:
        return ""
    size = int.from_bytes(data[offset : offset + 32], "big")
    body = data[offset + 32 :]
    return body[: min(size, _TEXT_MOST)].decode("utf-8", "replace") if size <= len(body) else ""


def _small(data: bytes) -> int | None:
    value = int.from_bytes(data, "big") if len(data) == 32 else _DECIMALS_MOST + 1
    return value if value <= _DECIMALS_MOST else None


def answered(answer: bytes | Refused) -> bytes:
    """The data that an `eth_call` answered; empty where it was refused or is none."""
    if isinstance(answer, Refused):
        return b""
    try:
        return bytes.fromhex(_data.decode(answer)[2:])
    except (msgspec.MsgspecError, ValueError):
        return b""
