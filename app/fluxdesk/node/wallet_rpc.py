"""JSON-RPC for pages, through the extension: reads of a closed list, and the broadcast of signed bytes.

What is broadcast is followed like the wallet's own. Bounded in what may be asked and in what comes back.
"""

import base64
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from fluxdesk.chains.evm.refusals import classified as evm_classified
from fluxdesk.chains.rpc.errors import Refused
from fluxdesk.chains.solana.refusals import classified as solana_classified
from fluxdesk.core import wallet_views as w
from fluxdesk.core.chains import Family
from fluxdesk.gateway.desk import BadRequest
from fluxdesk.gateway.wallet_desk import NotPossible
from fluxdesk.node.wallet_line import Line, translated
from fluxdesk_host.protocol.reading import METHODS

if TYPE_CHECKING:
    from fluxdesk.node.wallet_sends import Sends

ANSWER_MOST = 1_000_000
"""Bytes; what does not fit the bridge is of no use."""
REFUSAL_MOST = 65_536
"""Bytes of what comes with a refusal."""
SENDS = ("eth_sendRawTransaction", "sendTransaction")
REFUSED = -32000
NULL = msgspec.Raw(b"null")


async def answer(line: Line, asked: w.RpcAsked, sends: Callable[[], Awaitable["Sends"]]) -> w.RpcView:
    """The chain's answer or refusal. Raises `BadRequest`, `NotPossible` for a broadcast, `ChainAway`."""
    if asked.method not in METHODS[line.chain.id.partition(":")[0]]:
        raise BadRequest(f"{asked.method} is not on the list of reads.")
    line.used = True
    if asked.method in SENDS:
        return await _broadcast(line, asked, sends)
    try:
        with translated():
            try:
                found = await line.rpc.call(asked.method, asked.params)
            except Refused as refused:
                known = evm_classified if line.chain.family is Family.EVM else solana_classified
                told = w.RpcRefusal(code=refused.code, message=str(known(refused)), data=_bounded(refused.data))
                return w.RpcView(result=NULL, error=told)
    except NotPossible as error:
        return w.RpcView(result=NULL, error=w.RpcRefusal(code=REFUSED, message=str(error)))
    if len(found) > ANSWER_MOST:
        raise NotPossible(f"The answer has {len(found):,} bytes; at most {ANSWER_MOST:,} are carried. Ask for less.")
    return w.RpcView(result=msgspec.Raw(found))


def _bounded(data: bytes) -> msgspec.Raw:
    return msgspec.Raw(data) if 0 < len(data) <= REFUSAL_MOST else NULL


async def _broadcast(line: Line, asked: w.RpcAsked, sends: Callable[[], Awaitable["Sends"]]) -> w.RpcView:
    """Under an id that its own hash gives, so that the same bytes twice are one transaction."""
    raw = _raw(line, asked.params)
    try:
        account = _signer(line, raw)
        whole = w.BroadcastAsked(id="00000000", account=account, signed_b64=base64.b64encode(raw).decode())
        signed = await line.read(whole)
        given = msgspec.structs.replace(whole, id=f"tx-{signed.tx[-60:]}")
        await (await sends()).adopt(line, given, signed)
    except NotPossible as error:
        return w.RpcView(result=NULL, error=w.RpcRefusal(code=REFUSED, message=str(error)))
    return w.RpcView(result=msgspec.Raw(msgspec.json.encode(signed.tx)))


def _raw(line: Line, params: list[msgspec.Raw]) -> bytes:
    try:
        text = msgspec.json.decode(params[0], type=str)
        if line.chain.family is Family.EVM:
            return bytes.fromhex(text.removeprefix("0x"))
        options = msgspec.json.decode(params[1], type=dict[str, object]) if len(params) > 1 else {}
        if options.get("encoding", "base58") == "base64":
            return base64.b64decode(text, validate=True)
        from fluxdesk.native.base58 import b58decode

        return b58decode(text)
    except (IndexError, ValueError):  # msgspec's errors are ValueErrors too
        raise BadRequest("The first parameter holds no signed transaction.") from None


def _signer(line: Line, raw: bytes) -> str:
    if line.chain.family is Family.EVM:
        from fluxdesk.node.wallet_evm import read_raw

        return read_raw(raw, line.chain.number).account
    from solders.transaction import VersionedTransaction

    try:
        return str(VersionedTransaction.from_bytes(raw).message.account_keys[0])
    except (ValueError, IndexError):
        raise NotPossible("The bytes are no Solana transaction. Nothing was sent.") from None
