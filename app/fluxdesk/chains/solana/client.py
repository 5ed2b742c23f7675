"""solana-py's asynchronous client over our own port: fail-over, limits and words stay ours, methods and shapes are its.

What decides over money (statuses, heights, broadcasting) is asked through the port itself, of every endpoint; and a
failed transaction's status is not left to solders' parsers, which do not take all of them.
"""

from base64 import b64decode
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec

from fluxdesk.chains.rpc.errors import ChainError, NotUnderstood, Refused
from fluxdesk.chains.rpc.port import ChainRpc
from fluxdesk.chains.solana.nonces import Nonce
from fluxdesk.chains.solana.nonces import read as read_nonce
from fluxdesk.chains.solana.refusals import classified
from fluxdesk.core.chains import Chain

if TYPE_CHECKING:
    from solana.rpc.async_api import AsyncClient
    from solders.account import Account
    from solders.hash import Hash
    from solders.pubkey import Pubkey

_FINALIZED = {"commitment": "finalized"}
STATUSES_AT_ONCE = 256
ACCOUNTS_AT_ONCE = 100


class Lifetime(NamedTuple):
    """A blockhash and the last block height at which it is taken."""

    blockhash: "Hash"
    expires: int


class Status(NamedTuple):
    """What an endpoint knows of a signature. `level`: processed, confirmed or finalized."""

    slot: int
    failed: bool
    level: str


class _Body(msgspec.Struct):
    method: str
    params: list[msgspec.Raw] = []


class _Status(msgspec.Struct, rename="camel"):
    slot: int
    err: msgspec.Raw = msgspec.Raw(b"null")
    confirmation_status: str | None = None


class _Statuses(msgspec.Struct):
    value: list[_Status | None]


class _Blockhash(msgspec.Struct, rename="camel"):
    blockhash: str
    last_valid_block_height: Annotated[int, msgspec.Meta(ge=0, le=(1 << 62))]


class _Latest(msgspec.Struct):
    value: _Blockhash


class _Stored(msgspec.Struct):
    owner: str
    data: tuple[str, str]


class _Account(msgspec.Struct):
    value: _Stored | None


class _Meta(msgspec.Struct):
    fee: int


class _Found(msgspec.Struct):
    meta: _Meta | None = None


_body = msgspec.json.Decoder(_Body)
_statuses = msgspec.json.Decoder(_Statuses)


class SolanaClient:
    """One cluster."""

    def __init__(self, rpc: ChainRpc):
        self.rpc = rpc
        self._api: AsyncClient | None = None

    @property
    def chain(self) -> Chain:
        """Which."""
        return self.rpc.chain

    @property
    def api(self) -> "AsyncClient":
        """solana-py's client over the port; its commitment is `confirmed`."""
        if self._api is None:
            self._api = _over(self.rpc)
        return self._api

    async def value(self, what: str, asked: Awaitable[Any]) -> Any:
        """The `value` of a solana-py answer. Raises `NotUnderstood` for whatever the answer leads solders to."""
        try:
            return (await asked).value
        except ChainError:
            raise
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
            raise NotUnderstood(what) from None
        except BaseException as error:
            # What solders unwraps and should not: a panic of its own, outside of `Exception`.
            if type(error).__name__ != "PanicException":
                raise
            raise NotUnderstood(what) from None

    async def lifetime(self) -> Lifetime:
        """The newest confirmed blockhash."""
        from solders.hash import Hash, ParseHashError

        # Not by solders' own parser: it panics over a text that is no hash.
        try:
            raw = await self.rpc.call("getLatestBlockhash", [{"commitment": "confirmed"}])
            found = msgspec.json.decode(raw, type=_Latest).value
            return Lifetime(Hash.from_string(found.blockhash), found.last_valid_block_height)
        except Refused as refused:
            raise classified(refused) from None
        except (msgspec.MsgspecError, ParseHashError, RecursionError):
            raise NotUnderstood("a blockhash") from None

    async def heights(self) -> list[int]:
        """The finalized block height of each usable endpoint."""
        answers = await self.rpc.everywhere("getBlockHeight", [_FINALIZED])
        try:
            return [msgspec.json.decode(a, type=int) for a in answers if not isinstance(a, Refused)]
        except (msgspec.MsgspecError, RecursionError):
            raise NotUnderstood("a block height") from None

    async def slot(self) -> int:
        """The newest confirmed one."""
        return int(await self.value("a slot", self.api.get_slot()))

    async def rent(self, size: int) -> int:
        """Lamports that keep an account of so many bytes."""
        return int(await self.value("the rent", self.api.get_minimum_balance_for_rent_exemption(size)))

    async def prices(self, written: Sequence["Pubkey"]) -> list[int]:
        """Micro-lamports a unit that recent slots took, where they wrote to any of the accounts."""
        found = await self.value("recent fees", self.api.get_recent_prioritization_fees(list(written)))
        return [int(entry.prioritization_fee) for entry in found]

    async def accounts(self, keys: Sequence["Pubkey"]) -> list["Account | None"]:
        """Accounts as they are confirmed."""
        found: list[Account | None] = []
        for start in range(0, len(keys), ACCOUNTS_AT_ONCE):
            part = list(keys[start : start + ACCOUNTS_AT_ONCE])
            answers = await self.value("accounts", self.api.get_multiple_accounts(part))
            if len(answers) != len(part):
                raise NotUnderstood("accounts")
            found += answers
        return found

    async def nonces_everywhere(self, account: str) -> list[Nonce | None]:
        """The finalized state of a nonce account at each usable endpoint. Raises `Refused` when one refuses to say."""
        found = []
        for answer in await self.rpc.everywhere("getAccountInfo", [account, _FINALIZED | {"encoding": "base64"}]):
            if isinstance(answer, Refused):
                raise classified(answer)
            found.append(_nonce(answer))
        return found

    async def statuses(self, signatures: Sequence[str]) -> list[Status | None]:
        """What the best endpoint knows of each signature."""
        found: list[Status | None] = []
        for start in range(0, len(signatures), STATUSES_AT_ONCE):
            part = list(signatures[start : start + STATUSES_AT_ONCE])
            try:
                raw = await self.rpc.call("getSignatureStatuses", [part, {"searchTransactionHistory": True}])
            except Refused as refused:
                raise classified(refused) from None
            found += read_statuses(raw, len(part))
        return found

    async def statuses_everywhere(self, signature: str) -> list[Status | None]:
        """What each usable endpoint knows of a signature. Raises `Refused` when one of them refuses to say."""
        answers = await self.rpc.everywhere("getSignatureStatuses", [[signature], {"searchTransactionHistory": True}])
        found = []
        for answer in answers:
            if isinstance(answer, Refused):
                raise classified(answer)
            found += read_statuses(answer, 1)
        return found

    async def fee(self, signature: str) -> int | None:
        """Lamports that a transaction paid; None while the endpoint does not have it."""
        options = {"encoding": "base64", "commitment": "confirmed", "maxSupportedTransactionVersion": 0}
        try:
            raw = await self.rpc.call("getTransaction", [signature, options])
            found = msgspec.json.decode(raw, type=_Found | None)
        except (Refused, msgspec.MsgspecError, RecursionError):
            return None
        return None if found is None or found.meta is None else found.meta.fee


def read_statuses(raw: bytes, count: int) -> list[Status | None]:
    """`getSignatureStatuses`. Raises `NotUnderstood`."""
    try:
        value = _statuses.decode(raw).value
    except (msgspec.MsgspecError, RecursionError):
        raise NotUnderstood("the status of a transaction") from None
    if len(value) != count:
        raise NotUnderstood("the status of a transaction")
    return [None if s is None else Status(s.slot, bytes(s.err) != b"null", s.confirmation_status or "") for s in value]


def _nonce(raw: bytes) -> Nonce | None:
    try:
        value = msgspec.json.decode(raw, type=_Account).value
        return None if value is None else read_nonce(value.owner, b64decode(value.data[0], validate=True))
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors too
        raise NotUnderstood("a nonce account") from None


def _over(rpc: ChainRpc) -> "AsyncClient":
    from solana.rpc.async_api import AsyncClient
    from solana.rpc.commitment import Confirmed
    from solana.rpc.core import _ClientCore
    from solders.errors import SerdeJSONError

    class Provider:
        """Hands every request to the port and gives the answer to the parser solana-py names."""

        async def make_request(self, body: Any, parser: Any) -> Any:
            asked = _body.decode(body.to_json())
            try:
                result = await rpc.call(asked.method, asked.params)
            except Refused as refused:
                raise classified(refused) from None
            try:
                found = parser.from_json('{"jsonrpc":"2.0","id":0,"result":' + result.decode() + "}")
            except (ValueError, SerdeJSONError):
                raise NotUnderstood(asked.method) from None
            if not isinstance(found, parser):  # an error where an answer should be
                raise NotUnderstood(asked.method)
            return found

    class Client(AsyncClient):
        """Without connections of its own."""

        def __init__(self) -> None:
            _ClientCore.__init__(self, Confirmed)
            self._provider = Provider()  # type: ignore[assignment]

    return Client()
