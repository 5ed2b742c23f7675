"""Reads a request once, for policy and display, and signs exactly what was read. No state; keys are handed in.

Raises `NotApproved` for what cannot be signed as it stands, before any key is asked for.
"""

import base64
import binascii
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from fluxdesk_host import signing
from fluxdesk_host.agent.approvals import NotApproved
from fluxdesk_host.agent.vault import AccountKey
from fluxdesk_host.protocol.messages import Sign
from fluxdesk_host.signing.reading import Reading
from fluxdesk_host.signing.registry import Registry

if TYPE_CHECKING:
    from fluxdesk_host.keys.evm_fields import EvmTransaction

_A_TRANSACTION: Final = (
    "The message is a whole Solana transaction. It is signed as one or not at all: ask with the transaction method."
)
_PLAIN_BYTES: Final = frozenset({"evm_message", "solana_tx", "solana_message", "solana_offchain"})


def family_of(request: Sign) -> str:
    """`evm` or `solana`, if account, chain and kind agree on it. Raises `NotApproved`."""
    family = request.kind.partition("_")[0]
    chain = "eip155" if family == "evm" else "solana"
    if not request.account.startswith(family + ":") or not request.chain.startswith(chain + ":"):
        raise NotApproved("malformed", "Account, chain and kind of the request do not belong together.")
    return family


def read(request: Sign, registry: Registry | None = None) -> Reading:
    """What the request would do, as the recognisers in force read it. Raises `NotApproved` when its payload has not the
    form of its kind.
    """
    family_of(request)
    origin, address = request.origin, request.account.partition(":")[2]
    if request.kind in _PLAIN_BYTES:
        return _read_bytes(request, payload(request), origin, address)
    number = int(request.chain.partition(":")[2])
    if request.kind == "evm_tx":
        # what is read is the signer's own form, so that no two parsers can differ on it
        return signing.read_evm_transaction(
            _transaction(request), origin, account=address, chain=number, registry=registry
        )
    return signing.read_typed_data(_object(request), origin, account=address, chain=number, registry=registry)


def _read_bytes(request: Sign, data: bytes, origin: str, address: str) -> Reading:
    if request.kind == "evm_message":
        number = int(request.chain.partition(":")[2])
        return signing.read_personal_message(data, origin, account=address, chain=number, now=int(time.time()))
    if request.kind == "solana_tx":
        whole = _message_of(data) is not None
        reader = signing.read_solana_transaction if whole else signing.read_solana_message
        reading = reader(data, None, origin, account=address, chain=request.chain)
        if address not in reading.signers:
            raise NotApproved("malformed", "This account is not among those who have to sign the transaction.")
        return reading
    reader_of = signing.read_solana_offchain if request.kind == "solana_offchain" else signing.read_solana_text
    reading = reader_of(data, origin, account=address, chain=request.chain, now=int(time.time()))
    if request.kind == "solana_message" and any(reason.code == "is-a-transaction" for reason in reading.reasons):
        raise NotApproved("malformed", _A_TRANSACTION)  # its signature would pay, and the owner would be shown a text
    return reading


def sign(request: Sign, key: AccountKey) -> str:
    """The answer: 0x-hex on EVM (a transaction as it is broadcast, else 65 bytes); base64 on Solana (the signature, or
    the whole transaction when one was given). Raises `NotApproved`.
    """
    from fluxdesk_host.keys.errors import KeyFormatError, SigningError

    try:
        answer: str = _SIGNERS[request.kind](request, key)
        return answer
    except (SigningError, KeyFormatError) as error:
        raise NotApproved("malformed", f"It cannot be signed: {error}.") from None


def payload(request: Sign) -> bytes:
    """The bytes of a request that has bytes. Raises `NotApproved`."""
    try:
        if isinstance(request.payload, str):
            return base64.b64decode(request.payload, validate=True)
    except binascii.Error:
        pass
    raise NotApproved("malformed", "The payload of this kind of request is base64.")


def _object(request: Sign) -> dict[str, Any]:
    if isinstance(request.payload, dict):
        return request.payload
    raise NotApproved("malformed", "The payload of this kind of request is an object.")


def _transaction(request: Sign) -> "EvmTransaction":
    """The transaction as it would be signed. Raises `NotApproved`."""
    from fluxdesk_host.keys.errors import KeyFormatError, SigningError
    from fluxdesk_host.keys.evm_fields import read_transaction

    try:
        transaction = read_transaction(_object(request))
    except (SigningError, KeyFormatError) as error:
        raise NotApproved("malformed", f"It cannot be signed: {error}.") from None
    if transaction.chain_id != int(request.chain.partition(":")[2]):
        raise NotApproved("malformed", "The transaction is for another chain than the request.")
    if transaction.sender is not None and transaction.sender.hex() != request.account.partition("0x")[2]:
        raise NotApproved("malformed", "The transaction names another sender than the request.")
    return transaction


def _evm_transaction(request: Sign, key: AccountKey) -> str:
    from fluxdesk_host.keys.evm_tx import sign_evm_transaction

    return "0x" + sign_evm_transaction(key.private, _transaction(request)).hex()


def _evm_message(request: Sign, key: AccountKey) -> str:
    from fluxdesk_host.keys.eip191 import sign_personal

    return "0x" + sign_personal(key.private, payload(request)).hex()


def _evm_typed(request: Sign, key: AccountKey) -> str:
    from fluxdesk_host.keys.eip712 import read_typed_data, sign_typed_data

    return "0x" + sign_typed_data(key.private, read_typed_data(_object(request))).hex()


def _solana_transaction(request: Sign, key: AccountKey) -> str:
    from fluxdesk_host.signing.solana.message import parse_message

    data = payload(request)
    message = _message_of(data)
    if message is None:
        return base64.b64encode(key.sign_ed25519(data)).decode()
    address = request.account.partition(":")[2]
    signers = [account.shown for account in parse_message(message).accounts if account.signer]
    place = len(data) - len(message) - 64 * len(signers) + 64 * signers.index(address)
    made = key.sign_ed25519(message)
    return base64.b64encode(data[:place] + made + data[place + 64 :]).decode()


def _solana_bytes(request: Sign, key: AccountKey) -> str:
    return base64.b64encode(key.sign_ed25519(payload(request))).decode()


def _message_of(data: bytes) -> bytes | None:
    """The message inside a whole transaction; None when the bytes are a message themselves."""
    from fluxdesk_host.signing.solana.message import split_transaction

    return split_transaction(data)


_SIGNERS: Final[Mapping[str, Any]] = {
    "evm_tx": _evm_transaction,
    "evm_message": _evm_message,
    "evm_typed": _evm_typed,
    "solana_tx": _solana_transaction,
    "solana_message": _solana_bytes,
    "solana_offchain": _solana_bytes,
}
