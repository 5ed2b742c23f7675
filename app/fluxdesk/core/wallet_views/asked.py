"""What a client asks of the wallet's side of the node."""

from typing import Annotated

import msgspec
from msgspec import Meta

from fluxdesk.core.wallet_views.words import (
    Account,
    AllowanceKind,
    Amount,
    Asset,
    Base64,
    ChainName,
    Method,
    Priority,
    SendId,
    Url,
)


class Asked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A request's body: no field that we do not know."""


class TransferAsked(Asked):
    """One amount to one recipient, to be made into a transaction.

    With `replaces` the transaction takes the place of one that waits (EVM): the same payment for a higher fee, or with
    `cancel` none at all. The other fields then say again what was paid.
    """

    account: Account
    asset: Asset
    recipient: Account
    amount_base: Amount
    priority: Priority = 1
    replaces: SendId | None = None
    cancel: bool = False


class Pay(Asked, tag_field="what", tag="pay"):
    """One amount to one recipient. `id` is chosen by who asks, and is never paid twice."""

    id: SendId
    asset: Asset
    recipient: Account
    amount_base: Amount


class Revoke(Asked, tag_field="what", tag="revoke"):
    """Takes back what a spender may take. `token_id` for the kind `nft`."""

    id: SendId
    asset: Account
    spender: Account
    kind: AllowanceKind
    token_id: Amount | None = None


class MakeNonce(Asked, tag_field="what", tag="make_nonce"):
    """Makes a durable nonce account (Solana): payments with it wait for their signature however long that takes."""

    id: SendId


class CloseNonce(Asked, tag_field="what", tag="close_nonce"):
    """Closes a durable nonce account; its coins come back."""

    id: SendId
    address: Account


class Deploy(Asked, tag_field="what", tag="deploy"):
    """Makes one of the contracts that came with Fluxdesk, through the deterministic deployment proxy (EVM).

    `arguments_hex`: of its constructor, ABI-encoded. Where it comes to stand follows from these and the code.
    `by`: of a governor, the `GovernanceDeployment` that makes it; that knows its arguments, so none are given.
    """

    id: SendId
    contract: Annotated[str, Meta(pattern=r"^[A-Z][A-Za-z0-9]{0,63}$", max_length=64)]
    arguments_hex: Annotated[str, Meta(pattern=r"^0x([0-9a-f]{64})*$", max_length=32_002)]
    by: Annotated[str, Meta(pattern=r"^(0x[0-9a-f]{40})?$")] = ""


Item = Pay | Revoke | MakeNonce | CloseNonce | Deploy
"""What can be ordered."""


class OrderAsked(Asked):
    """What the node is to make, have signed by the agent (as `node:wallet`) and follow until its end.

    It is on disk when the answer comes, and survives the end of the node. On Solana payments share transactions.
    """

    account: Account
    items: Annotated[list[Item], Meta(min_length=1, max_length=64)]
    priority: Priority = 1
    durable: bool = False
    """Solana: with a durable nonce, of which the account must have made one."""


class NothingAsked(Asked):
    """No field at all."""


class EndpointAsked(Asked):
    """An endpoint to be tried out; nothing is kept. `number` where the chain is not known yet (EVM)."""

    chain: ChainName
    url: Url
    number: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,15}$", max_length=16)] | None = None


class SimulationAsked(Asked):
    """Unsigned bytes: a Solana message, or the JSON fields of an EVM transaction under their JSON-RPC names."""

    account: Account
    payload_b64: Base64


class BroadcastAsked(Asked):
    """Signed bytes. With `payload_b64` (what was to be signed) they must be exactly that, signed by `account`; on
    Solana `signed_b64` is then the signature alone. Without it they are a whole transaction.
    """

    id: SendId
    account: Account
    signed_b64: Base64
    payload_b64: Base64 | None = None
    replaces: SendId | None = None
    cancel: bool = False


class RpcAsked(Asked):
    """A read of the chain. Methods: docs/protocol.md."""

    method: Method
    params: Annotated[list[msgspec.Raw], Meta(max_length=16)] = []


class FundsAsked(Asked):
    """An account to be filled on a practice chain."""

    account: Account
