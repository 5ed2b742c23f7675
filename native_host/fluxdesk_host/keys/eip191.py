"""EIP-191 messages of version 0x45 (`personal_sign`): their hash, signing, and who signed. Pure.

https://eips.ethereum.org/EIPS/eip-191
"""

from fluxdesk_host.keys.addresses import public_to_evm
from fluxdesk_host.keys.curves import recover, sign_digest
from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.keys.secret import Secret


def personal_hash(message: bytes) -> bytes:
    """The 32 bytes that are signed for a message."""
    return keccak256(b"\x19Ethereum Signed Message:\n" + str(len(message)).encode() + message)


def rsv(signature: bytes) -> bytes:
    """A signature of `sign_digest` as wallets give it out: its last byte 27 or 28."""
    return signature[:64] + bytes((27 + signature[64],))


def sign_personal(private: Secret, message: bytes) -> bytes:
    """The 65-byte signature (r, s, 27 or 28). Raises `KeyFormatError`."""
    return rsv(sign_digest(private, personal_hash(message)))


def signer(digest: bytes, signature: bytes) -> bytes:
    """The address (20 bytes) that signed a digest; the signature ends with 0, 1, 27 or 28. Raises `SigningError`."""
    if len(signature) != 65 or signature[64] not in (0, 1, 27, 28):
        raise SigningError("a signature has 65 bytes and ends with 27 or 28")
    return public_to_evm(recover(digest, signature[:64] + bytes((signature[64] % 27,))))
