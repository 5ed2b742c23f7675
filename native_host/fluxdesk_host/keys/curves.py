"""secp256k1, ed25519 and P-256: public keys, signatures, recovery. Secrets go to the libraries by address, uncopied.

secp256k1 is Bitcoin Core's library through coincurve's binding, below its classes: they would copy each key into
`bytes` that nobody can wipe. Nonces are those of RFC 6979, S is always the low one (BIP-62, EIP-2).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from fluxdesk_host.keys.errors import DerivationError, KeyFormatError, SigningError
from fluxdesk_host.keys.secret import Secret

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""SEC 2, section 2.4.1."""
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""SEC 2, section 2.4.2."""

_COMPRESSED, _UNCOMPRESSED = 258, 2


@cache
def _secp256k1() -> tuple[Any, Any, Any]:
    """(ffi, library, context). The context is blinded with random numbers when it is made."""
    from coincurve._libsecp256k1 import ffi, lib
    from coincurve.context import GLOBAL_CONTEXT

    return ffi, lib, GLOBAL_CONTEXT.ctx


def _scalar(private: Secret) -> Any:
    """A pointer to the 32 bytes of a valid private key. Raises `KeyFormatError`."""
    ffi, lib, context = _secp256k1()
    if len(private) != 32:
        raise KeyFormatError(f"a secp256k1 private key has 32 bytes, not {len(private)}")
    pointer = ffi.from_buffer("unsigned char[32]", private.raw())
    if not lib.secp256k1_ec_seckey_verify(context, pointer):
        raise KeyFormatError("this number is not a private key of secp256k1 (zero, or not below the order)")
    return pointer


def check_secp256k1(private: Secret) -> None:
    """Raises `KeyFormatError` unless these 32 bytes are a private key of secp256k1."""
    _scalar(private)


def secp256k1_public(private: Secret, *, compressed: bool = True) -> bytes:
    """The public key: 33 bytes, or 65 when not compressed. Raises `KeyFormatError`."""
    ffi, lib, context = _secp256k1()
    key = ffi.new("secp256k1_pubkey *")
    if not lib.secp256k1_ec_pubkey_create(context, key, _scalar(private)):
        raise KeyFormatError("this number is not a private key of secp256k1")
    return _serialised(key, compressed)


def _serialised(key: Any, compressed: bool) -> bytes:
    ffi, lib, context = _secp256k1()
    out = ffi.new("unsigned char[65]")
    length = ffi.new("size_t *", 65)
    lib.secp256k1_ec_pubkey_serialize(context, out, length, key, _COMPRESSED if compressed else _UNCOMPRESSED)
    return bytes(ffi.buffer(out, length[0]))


def secp256k1_add(private: Secret, tweak: Secret) -> None:
    """Add `tweak` to the key in place, modulo the order.

    Raises:
        DerivationError: the tweak is not below the order, or the sum is zero.
        KeyFormatError: not a private key.
    """
    ffi, lib, context = _secp256k1()
    added = ffi.from_buffer("unsigned char[32]", tweak.raw())
    if not lib.secp256k1_ec_seckey_tweak_add(context, _scalar(private), added):
        raise DerivationError("this index gives no valid key")


def sign_digest(private: Secret, digest: bytes) -> bytes:
    """r (32), s (32) and the recovery id (one byte, 0 to 3) of a recoverable ECDSA signature over a 32-byte digest.

    Raises:
        KeyFormatError: not a private key.
        SigningError: the digest has not 32 bytes.
    """
    if len(digest) != 32:
        raise SigningError(f"a digest has 32 bytes, not {len(digest)}")
    ffi, lib, context = _secp256k1()
    signature = ffi.new("secp256k1_ecdsa_recoverable_signature *")
    if not lib.secp256k1_ecdsa_sign_recoverable(context, signature, digest, _scalar(private), ffi.NULL, ffi.NULL):
        raise SigningError("the library gave no signature")
    out = ffi.new("unsigned char[65]")
    recovery = ffi.new("int *")
    lib.secp256k1_ecdsa_recoverable_signature_serialize_compact(context, out, recovery, signature)
    out[64] = recovery[0]
    return bytes(ffi.buffer(out, 65))


def recover(digest: bytes, signature: bytes) -> bytes:
    """The 65-byte public key that made a signature of `sign_digest`. High S is refused, as EIP-2 has it.

    Raises:
        SigningError: not a signature over this digest, or one that is not in the low form.
    """
    if len(digest) != 32 or len(signature) != 65 or signature[64] > 3:
        raise SigningError("a digest of 32 bytes and a signature of 65 bytes with recovery id 0 to 3 are needed")
    if int.from_bytes(signature[32:64], "big") > SECP256K1_ORDER // 2:
        raise SigningError("the signature's S is above half the order: not the form Ethereum accepts")
    ffi, lib, context = _secp256k1()
    parsed = ffi.new("secp256k1_ecdsa_recoverable_signature *")
    key = ffi.new("secp256k1_pubkey *")
    read = lib.secp256k1_ecdsa_recoverable_signature_parse_compact(context, parsed, signature[:64], signature[64])
    if not read or not lib.secp256k1_ecdsa_recover(context, key, parsed, digest):
        raise SigningError("no public key belongs to this signature")
    return _serialised(key, compressed=False)


def _ed25519(private: Secret) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if len(private) != 32:
        raise KeyFormatError(f"an ed25519 private key has 32 bytes, not {len(private)}")
    return Ed25519PrivateKey.from_private_bytes(private.view())


def ed25519_public(private: Secret) -> bytes:
    """The 32-byte public key of a 32-byte seed (RFC 8032). Raises `KeyFormatError`."""
    public: bytes = _ed25519(private).public_key().public_bytes_raw()
    return public


def sign_ed25519(private: Secret, message: bytes) -> bytes:
    """The 64-byte signature of RFC 8032 over the message as it is. Raises `KeyFormatError`."""
    signature: bytes = _ed25519(private).sign(message)
    return signature


def ed25519_pair(private: Secret) -> tuple[bytes, Callable[[bytes], bytes]]:
    """(public key, function that signs): for two uses of a key at the price of one. Raises `KeyFormatError`."""
    key = _ed25519(private)
    return key.public_key().public_bytes_raw(), key.sign


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature (64 bytes) over the message is of a public key (32); False for bytes that are neither."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if len(public) != 32 or len(signature) != 64:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def x25519_public(private: Secret) -> bytes:
    """The 32-byte public key of 32 bytes on curve25519 (RFC 7748). Raises `KeyFormatError`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    if len(private) != 32:
        raise KeyFormatError(f"an X25519 private key has 32 bytes, not {len(private)}")
    public: bytes = X25519PrivateKey.from_private_bytes(private.view()).public_key().public_bytes_raw()
    return public


def p256_public(private: Secret) -> bytes:
    """The compressed 33-byte public key on NIST P-256. Raises `KeyFormatError`."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    number = int.from_bytes(private.view(), "big")
    if len(private) != 32 or not 0 < number < P256_ORDER:
        raise KeyFormatError("this number is not a private key of P-256")
    key = derive_private_key(number, SECP256R1()).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
