"""Signing EVM transactions and reading signed ones: legacy and EIP-155, EIP-2930, EIP-1559, EIP-7702. Pure.

https://eips.ethereum.org/EIPS/eip-155 , eip-2718 (envelope), eip-2930, eip-1559, eip-7702
"""

from dataclasses import dataclass, replace

from fluxdesk_host.keys import rlp
from fluxdesk_host.keys.addresses import public_to_evm
from fluxdesk_host.keys.curves import recover, secp256k1_public, sign_digest
from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.evm_fields import ACCESS_LIST, FEE_MARKET, LEGACY, SET_CODE, Authorization, EvmTransaction
from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.keys.secret import Secret

_AUTHORIZATION_MAGIC = b"\x05"
_FIELDS = {LEGACY: 6, ACCESS_LIST: 8, FEE_MARKET: 9, SET_CODE: 10}
"""Fields before the signature."""


@dataclass(frozen=True, slots=True)
class SignedTransaction:
    """A signed transaction read back: its fields (with the sender), and its hash (32 bytes)."""

    transaction: EvmTransaction
    sender: bytes
    hash: bytes


def _body(tx: EvmTransaction) -> list[rlp.Writable]:
    to = tx.to or b""
    if tx.type == LEGACY:
        return [tx.nonce, tx.gas_price, tx.gas, to, tx.value, tx.data]
    fees = [tx.gas_price] if tx.type == ACCESS_LIST else [tx.max_priority_fee, tx.max_fee]
    body: list[rlp.Writable] = [tx.chain_id or 0, tx.nonce, *fees, tx.gas, to, tx.value, tx.data, tx.access_list]
    if tx.type == SET_CODE:
        body.append([[a.chain_id, a.address, a.nonce, a.y_parity, a.r, a.s] for a in tx.authorizations])
    return body


def signing_payload(tx: EvmTransaction) -> bytes:
    """The bytes whose Keccak-256 is signed."""
    body = _body(tx)
    if tx.type != LEGACY:
        return bytes((tx.type,)) + rlp.encode(body)
    return rlp.encode([*body, tx.chain_id, 0, 0] if tx.chain_id is not None else body)


def sign_evm_transaction(private: Secret, tx: EvmTransaction, *, allow_unprotected: bool = False) -> bytes:
    """The signed transaction as `eth_sendRawTransaction` takes it.

    Raises:
        SigningError: `tx.sender` is another account; or no chain id, so that it could be replayed on every chain, and
            `allow_unprotected` is not set.
        KeyFormatError: not a private key.
    """
    if tx.chain_id is None and not allow_unprotected:
        raise SigningError("without a chain id the transaction could be replayed on every chain (EIP-155)")
    if tx.sender is not None and tx.sender != public_to_evm(secp256k1_public(private, compressed=False)):
        raise SigningError("the sender named in the transaction is not the account that signs")
    signature = sign_digest(private, keccak256(signing_payload(tx)))
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    if tx.type == LEGACY:
        v = signature[64] + (27 if tx.chain_id is None else 35 + 2 * tx.chain_id)
        return rlp.encode([*_body(tx), v, r, s])
    return bytes((tx.type,)) + rlp.encode([*_body(tx), signature[64], r, s])


def read_signed_transaction(raw: bytes) -> SignedTransaction:
    """Fields, sender and hash of a signed transaction.

    Raises:
        SigningError: not a transaction of a type read here, not in its one form, or its signature fits no key.
    """
    if not raw:
        raise SigningError("an empty transaction")
    kind = raw[0] if raw[0] < 0x80 else LEGACY
    if kind not in _FIELDS or (raw[0] == LEGACY):
        raise SigningError(f"transactions of type {kind} are not read here")
    items = rlp.decode(raw if kind == LEGACY else raw[1:])
    count = _FIELDS[kind] + 3
    if not isinstance(items, list) or len(items) != count:
        raise SigningError(f"a transaction of type {kind} is a list of {count} fields")
    v, r, s = (rlp.number(item, name) for item, name in zip(items[-3:], "vrs", strict=True))
    tx = _read_legacy(items, v) if kind == LEGACY else _read_typed(kind, items)
    parity = v if kind != LEGACY else v - 27 if tx.chain_id is None else v - 35 - 2 * tx.chain_id
    sender = _recovered(signing_payload(tx), parity, r, s)
    return SignedTransaction(replace(tx, sender=sender), sender, keccak256(raw))


def _recovered(payload: bytes, parity: int, r: int, s: int) -> bytes:
    if parity not in (0, 1):
        raise SigningError("the parity of the signature is neither 0 nor 1")
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes((parity,))
    return public_to_evm(recover(keccak256(payload), signature))


def _read_legacy(items: list[rlp.Item], v: int) -> EvmTransaction:
    if v not in (27, 28) and v < 35:
        raise SigningError("the v of a legacy transaction is neither 27, 28, nor one of EIP-155")
    nonce, price, gas, to, value, data = items[:6]
    return EvmTransaction(
        type=LEGACY,
        chain_id=None if v < 35 else (v - 35) // 2,
        nonce=rlp.number(nonce, "the nonce", 64),
        gas=rlp.number(gas, "the gas limit"),
        to=_to(to),
        value=rlp.number(value, "the value"),
        data=_data(data),
        gas_price=rlp.number(price, "the gas price"),
    )


def _read_typed(kind: int, items: list[rlp.Item]) -> EvmTransaction:
    chain_id, nonce, *fees = items[: 3 if kind == ACCESS_LIST else 4]
    gas, to, value, data, access = items[2 + len(fees) : 7 + len(fees)]
    amounts = [rlp.number(fee, "a fee") for fee in fees]
    return EvmTransaction(
        type=kind,
        chain_id=rlp.number(chain_id, "the chain id"),
        nonce=rlp.number(nonce, "the nonce", 64),
        gas=rlp.number(gas, "the gas limit"),
        to=_to(to),
        value=rlp.number(value, "the value"),
        data=_data(data),
        gas_price=amounts[0] if kind == ACCESS_LIST else 0,
        max_priority_fee=0 if kind == ACCESS_LIST else amounts[0],
        max_fee=0 if kind == ACCESS_LIST else amounts[1],
        access_list=tuple(_read_access(entry) for entry in _list(access)),
        authorizations=tuple(_read_authorization(entry) for entry in _list(items[9])) if kind == SET_CODE else (),
    )


def _to(item: rlp.Item) -> bytes | None:
    return None if item == b"" else rlp.exactly(item, "the recipient", 20)


def _data(item: rlp.Item) -> bytes:
    if not isinstance(item, bytes):
        raise SigningError("the data is a list")
    return item


def _list(item: rlp.Item) -> list[rlp.Item]:
    if not isinstance(item, list):
        raise SigningError("bytes where a list belongs")
    return item


def _read_access(entry: rlp.Item) -> tuple[bytes, tuple[bytes, ...]]:
    parts = _list(entry)
    if len(parts) != 2:
        raise SigningError("an entry of the access list is not an address and its keys")
    return rlp.exactly(parts[0], "an address", 20), tuple(rlp.exactly(k, "a storage key", 32) for k in _list(parts[1]))


def _read_authorization(entry: rlp.Item) -> Authorization:
    parts = _list(entry)
    if len(parts) != 6:
        raise SigningError("an authorization has six fields")
    return Authorization(
        chain_id=rlp.number(parts[0], "the chain id of an authorization"),
        address=rlp.exactly(parts[1], "the address of an authorization", 20),
        nonce=rlp.number(parts[2], "the nonce of an authorization", 64),
        y_parity=rlp.number(parts[3], "the parity of an authorization", 8),
        r=rlp.number(parts[4], "the r of an authorization"),
        s=rlp.number(parts[5], "the s of an authorization"),
    )


def sign_authorization(private: Secret, chain_id: int, address: bytes, nonce: int) -> Authorization:
    """An EIP-7702 authorization of this key's account. Chain id 0 would hold on every chain.

    Raises:
        SigningError: a number out of range, or not an address.
        KeyFormatError: not a private key.
    """
    if not 0 <= chain_id < 2**256 or not 0 <= nonce < 2**64 - 1 or len(address) != 20:
        raise SigningError("chain id, nonce or address of the authorization is out of range")
    signature = sign_digest(private, keccak256(_authorization_payload(chain_id, address, nonce)))
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
    return Authorization(chain_id, address, nonce, signature[64], r, s)


def authorization_signer(authorization: Authorization) -> bytes:
    """The account (20 bytes) that an authorization is of. Raises `SigningError` where its signature fits no key."""
    a = authorization
    return _recovered(_authorization_payload(a.chain_id, a.address, a.nonce), a.y_parity, a.r, a.s)


def _authorization_payload(chain_id: int, address: bytes, nonce: int) -> bytes:
    return _AUTHORIZATION_MAGIC + rlp.encode([chain_id, address, nonce])
