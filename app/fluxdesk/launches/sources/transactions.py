"""Whole Solana transactions over HTTP, one at a time, from the first endpoint that has them."""

import asyncio
from collections.abc import Sequence

import msgspec

from fluxdesk.launches.sources.rpc import RpcFailed, RpcHttp, RpcUnavailable

_OPTIONS = {"encoding": "json", "commitment": "confirmed", "maxSupportedTransactionVersion": 0}
"""`processed` is refused by getTransaction; without a supported version every v0 transaction is (Solana RPC docs)."""
NOT_YET_S = (0.5, 1.0, 2.0, 4.0)
"""Waits between tries while no endpoint has the transaction: `confirmed` reaches an RPC node up to a few seconds
late."""


class NotFetched(Exception):
    """The transaction could not be had; the text says why."""


class _Slot(msgspec.Struct):
    slot: int


_read_slot = msgspec.json.Decoder(_Slot).decode


async def fetch_transaction(
    endpoints: Sequence[RpcHttp], signature: str, waits_s: Sequence[float] = NOT_YET_S
) -> tuple[int, bytes]:
    """(slot, `getTransaction` result as JSON bytes).

    Raises:
        NotFetched: Every endpoint refused, or none had it after the last wait.
    """
    why = "no HTTP endpoint is set"
    for wait_s in (*waits_s, None):
        for rpc in endpoints:
            try:
                payload = await rpc.call("getTransaction", [signature, _OPTIONS])
            except (RpcFailed, RpcUnavailable) as error:
                why = f"{rpc.endpoint.shown}: {error}"
                continue
            if payload == b"null":
                why = "not available yet"
                continue
            try:
                return _read_slot(payload).slot, payload
            except msgspec.MsgspecError:
                why = f"{rpc.endpoint.shown}: the answer is not a transaction"
        if wait_s is not None:
            await asyncio.sleep(wait_s)
    raise NotFetched(why)
