"""The bytes of a keystore file, version 1: sealing a payload under a key, and opening it. Pure.

    8  magic           2  version        4  length of the header      (numbers big-endian)
    n  header, JSON: key derivation with its salt, cipher, two salts and a nonce that are new in every file
    m  body: ChaCha20-Poly1305 of length and payload, padded to whole KiB, all before it as associated data
    32 SHA-256 of all before it, which tells damage from a wrong passphrase; it protects nothing

Magic, version and the last 32 bytes are where they are in every version to come: damage is told from a newer file.

The passphrase's key (Argon2id) stays for the life of a passphrase. The body's key comes from it by HKDF with a salt
that is new in every file, so that no key seals two files. `check` comes from it in the same way: it commits the file
to one key.
"""

import os
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Literal

import msgspec

from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore.errors import (
    KeystoreDamaged,
    KeystoreNewer,
    KeystoreTooOld,
    KeystoreTooWeak,
    KeystoreTruncated,
    WrongPassphrase,
)
from fluxdesk_host.keystore.kdf import KEY_BYTES, SALT_BYTES, Cost

MAGIC = b"FDKEYS\r\n"
VERSION = 1
LONGEST = 16 * 1024 * 1024
"""Bytes of a file that is read."""

_PREFIX, _TRAILER, _TAG, _BLOCK = 14, 32, 16, 1024
_LONGEST_HEADER = 4096


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is written in clear. Bytes are base64 in the JSON."""

    kdf: Literal["argon2id"] = "argon2id"
    cost: Cost
    salt: bytes
    """Of the key derivation."""
    cipher: Literal["chacha20-poly1305"] = "chacha20-poly1305"
    file_salt: bytes
    nonce: bytes
    check: bytes
    body: int
    """Length of the body in bytes."""
    replaces: bytes | None = None
    """The salt of the passphrase before this one: a generation that still has it is to be sealed anew."""


class Sealed(msgspec.Struct, frozen=True):
    """A file taken apart; not opened yet."""

    path: Path
    header: Header
    associated: bytes
    body: bytes
    digest: bytes
    """The SHA-256 at its end, which stands for the whole file."""


def seal(key: Secret, salt: bytes, cost: Cost, payload: Secret, replaces: bytes | None = None) -> bytes:
    """A whole file that holds `payload` under the key of a passphrase, which came from `salt` and `cost`.

    Raises:
        ValueError: the payload is too long for a file that would be read again.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    size = -(-(4 + len(payload)) // _BLOCK) * _BLOCK
    if size > LONGEST - _LONGEST_HEADER - 1024:
        raise ValueError(f"a payload of {len(payload)} bytes is too long for a keystore")
    file_salt, nonce = os.urandom(SALT_BYTES), os.urandom(12)
    body_key, check = _keys(key, file_salt)
    header = Header(
        cost=cost, salt=salt, file_salt=file_salt, nonce=nonce, check=check, body=size + _TAG, replaces=replaces
    )
    written = msgspec.json.encode(header)
    associated = MAGIC + VERSION.to_bytes(2, "big") + len(written).to_bytes(4, "big") + written

    def fill(out: memoryview) -> None:
        out[:4] = len(payload).to_bytes(4, "big")
        out[4 : 4 + len(payload)] = payload.view()

    with body_key, Secret.filled(size, fill) as plain:
        body = ChaCha20Poly1305(body_key.raw()).encrypt(nonce, plain.raw(), associated)
    whole = associated + body
    return whole + sha256(whole).digest()


def _keys(key: Secret, file_salt: bytes) -> tuple[Secret, bytes]:
    """(key of the body, check) from the passphrase's key. RFC 5869."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    def expand(info: bytes) -> Secret:
        hkdf = HKDF(SHA256(), KEY_BYTES, file_salt, info)
        return Secret.filled(KEY_BYTES, lambda out: hkdf.derive_into(key.raw(), out))

    with expand(b"fluxdesk keystore 1 check") as check:
        return expand(b"fluxdesk keystore 1 body"), bytes(check.view())


def take_apart(data: bytes, path: Path) -> Sealed:
    """The parts of a file, after everything is checked that needs no key.

    Raises:
        KeystoreDamaged, KeystoreTruncated, KeystoreNewer, KeystoreTooOld, KeystoreTooWeak: as their names say.
    """
    if len(data) < _PREFIX:
        if MAGIC.startswith(data[: len(MAGIC)]):
            raise KeystoreTruncated(path, f"it ends after {len(data)} bytes")
        raise KeystoreDamaged(path, "it does not begin as a keystore does")
    if data[:8] != MAGIC:
        raise KeystoreDamaged(path, "it does not begin as a keystore does")
    version = int.from_bytes(data[8:10], "big")
    whole = sha256(data[:-_TRAILER]).digest() == data[-_TRAILER:]
    if version != VERSION and not whole:
        raise KeystoreDamaged(path, "its checksum does not fit")
    if version != VERSION:
        raise KeystoreNewer(path, version, VERSION) if version > VERSION else KeystoreTooOld(path, version)
    length = int.from_bytes(data[10:14], "big")
    if length > _LONGEST_HEADER:
        raise KeystoreDamaged(path, "its header has an impossible length")
    body = _PREFIX + length
    if len(data) < body + _TRAILER:
        raise KeystoreTruncated(path, f"it ends after {len(data)} bytes")
    try:
        header = msgspec.json.decode(data[_PREFIX:body], type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise KeystoreDamaged(path, "its header cannot be read") from None
    end = body + header.body
    if not whole and len(data) < end + _TRAILER:
        raise KeystoreTruncated(path, f"it has {len(data)} of {end + _TRAILER} bytes")
    lengths = (len(header.salt), len(header.file_salt), len(header.nonce), len(header.check))
    if not whole or len(data) != end + _TRAILER or lengths != (SALT_BYTES, SALT_BYTES, 12, KEY_BYTES):
        raise KeystoreDamaged(path, "its checksum does not fit")
    if header.cost.weak:
        raise KeystoreTooWeak(path)
    if header.cost.excessive:
        raise KeystoreDamaged(path, "its header asks for more work than Fluxdesk ever does")
    return Sealed(path, header, data[:body], data[body:end], data[-_TRAILER:])


def fits(sealed: Sealed, key: Secret) -> bool:
    """Whether this key is the one of the file's passphrase."""
    body_key, check = _keys(key, sealed.header.file_salt)
    body_key.close()
    return compare_digest(check, sealed.header.check)


def unseal(sealed: Sealed, key: Secret) -> Secret:
    """The payload.

    Raises:
        WrongPassphrase: the key is another one.
        KeystoreDamaged: it is the right one, and what it seals was changed.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    header = sealed.header
    body_key, check = _keys(key, header.file_salt)
    with body_key:
        if not compare_digest(check, header.check):
            raise WrongPassphrase
        cipher = ChaCha20Poly1305(body_key.raw())
        size = max(len(sealed.body) - _TAG, 0)

        def fill(out: memoryview) -> None:
            cipher.decrypt_into(header.nonce, sealed.body, sealed.associated, out)

        try:
            plain = Secret.filled(size, fill)
        except (InvalidTag, ValueError):
            raise KeystoreDamaged(sealed.path, "its content was changed after it was written") from None
    with plain:
        length = int.from_bytes(plain.view()[:4], "big")
        if size < 4 or length > size - 4:
            raise KeystoreDamaged(sealed.path, "its content has an impossible length")
        return plain.part(4, 4 + length)
