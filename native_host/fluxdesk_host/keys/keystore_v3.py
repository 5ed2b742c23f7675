"""Web3 Secret Storage, version 3: the encrypted key files of geth, MetaMask and others, read and written. Pure.

https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage/ . scrypt, PBKDF2 with bounds
on what a file may ask for; AES-128-CTR; a MAC of Keccak-256.
"""

import json
import os
from collections.abc import Mapping
from hmac import compare_digest
from typing import Any, Literal
from unicodedata import normalize
from uuid import uuid4

from fluxdesk_host.keys.addresses import parse_evm_address, public_to_evm
from fluxdesk_host.keys.curves import secp256k1_public
from fluxdesk_host.keys.errors import KeyFormatError
from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.keys.secret import Secret

LONGEST = 64 * 1024
"""Bytes of a file that is read."""
MOST_SCRYPT_MEMORY = 1 << 29
MOST_SCRYPT_WORK = 1 << 25
"""N times r times p; geth's standard is 2**21."""
MOST_ROUNDS = 10_000_000
SCRYPT_N, SCRYPT_R, SCRYPT_P = 1 << 18, 8, 1
"""What is written: geth's standard, 256 MiB."""
PBKDF2_ROUNDS = 600_000


class WrongPassword(ValueError):
    """This password does not open the file, or it was changed: its MAC cannot tell these apart."""

    def __init__(self) -> None:
        super().__init__("This password does not open the key file, or the file was changed.")


def decrypt(document: str | bytes | Mapping[str, Any], password: str) -> Secret:
    """The 32-byte private key of a key file. Blocks for up to seconds.

    Raises:
        KeyFormatError: not a version 3 key file, or one that asks for too much work; the field is named.
        WrongPassword: the MAC does not fit.
    """
    file = _lower(_read(document))
    if str(file.get("version")) != "3":
        raise KeyFormatError("this is not a key file of version 3")
    crypto = _lower(_object(file, "crypto"))
    if crypto.get("cipher") != "aes-128-ctr":
        raise KeyFormatError("the cipher of the key file is not aes-128-ctr")
    iv = _hex(_object(crypto, "cipherparams"), "iv", 16)
    ciphertext, mac = _hex(crypto, "ciphertext", None), _hex(crypto, "mac", 32)
    if not 0 < len(ciphertext) <= 32:
        raise KeyFormatError("the key file does not hold a key of 32 bytes")
    for form in dict.fromkeys((password, normalize("NFKC", password))):  # writers differ in it
        with _derive(crypto, form) as key:
            if compare_digest(keccak256(bytes(key.view()[16:32]) + ciphertext), mac):
                return _checked(_aes(key, iv, ciphertext), file.get("address"))
    raise WrongPassword


def encrypt(private: Secret, password: str, kdf: Literal["scrypt", "pbkdf2"] = "scrypt") -> str:
    """The JSON of a key file for a private key. Blocks for about a second.

    Raises:
        KeyFormatError: not a private key of secp256k1.
    """
    address = public_to_evm(secp256k1_public(private, compressed=False)).hex()
    salt, iv = os.urandom(32), os.urandom(16)
    if kdf == "scrypt":
        params: dict[str, Any] = {"dklen": 32, "n": SCRYPT_N, "r": SCRYPT_R, "p": SCRYPT_P, "salt": salt.hex()}
    else:
        params = {"dklen": 32, "c": PBKDF2_ROUNDS, "prf": "hmac-sha256", "salt": salt.hex()}
    crypto: dict[str, Any] = {"kdf": kdf, "kdfparams": params}
    with _derive(crypto, password) as key, _aes(key, iv, private.view()) as sealed:
        ciphertext = bytes(sealed.view())
        mac = keccak256(bytes(key.view()[16:32]) + ciphertext)
    crypto |= {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": iv.hex()},
        "ciphertext": ciphertext.hex(),
        "mac": mac.hex(),
    }
    return json.dumps({"version": 3, "id": str(uuid4()), "address": address, "crypto": crypto})


def _read(document: str | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(document, Mapping):
        if len(document) > LONGEST:
            raise KeyFormatError(f"a key file longer than {LONGEST} bytes is not read")
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            raise KeyFormatError("the key file is not JSON") from None
    if not isinstance(document, Mapping):
        raise KeyFormatError("the key file is not a JSON object")
    return document


def _lower(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Old writers have `Crypto`."""
    return {str(name).lower(): value for name, value in fields.items()}


def _object(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = fields.get(name)
    if not isinstance(value, Mapping):
        raise KeyFormatError(f"the key file has no {name}")
    return value


def _hex(fields: Mapping[str, Any], name: str, length: int | None) -> bytes:
    value = fields.get(name)
    try:
        data = bytes.fromhex(value.removeprefix("0x")) if isinstance(value, str) and value.isascii() else None
    except ValueError:
        data = None
    if data is None or (length is not None and len(data) != length) or len(data) > 1024:
        raise KeyFormatError(f"{name} of the key file is not {length or 'at most 1024'} bytes of hexadecimal digits")
    return data


def _number(fields: Mapping[str, Any], name: str, least: int, most: int) -> int:
    value = fields.get(name)
    if type(value) is not int or not least <= value <= most:
        raise KeyFormatError(f"{name} of the key file is not a number from {least} to {most}")
    return value


def _derive(crypto: Mapping[str, Any], password: str) -> Secret:
    params = _object(crypto, "kdfparams")
    salt = _hex(params, "salt", None)
    length = _number(params, "dklen", 32, 64)
    with Secret(password.encode("utf-8", "surrogatepass")) as secret:
        if crypto.get("kdf") == "scrypt":
            return _scrypt(params, salt, length, secret)
        if crypto.get("kdf") == "pbkdf2":
            return _pbkdf2(params, salt, length, secret)
    raise KeyFormatError("the key derivation of the key file is neither scrypt nor pbkdf2")


def _scrypt(params: Mapping[str, Any], salt: bytes, length: int, password: Secret) -> Secret:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    n, r, p = (_number(params, name, 1, MOST_SCRYPT_WORK) for name in "nrp")
    if n < 2 or n & (n - 1) or 128 * n * r > MOST_SCRYPT_MEMORY or n * r * p > MOST_SCRYPT_WORK:
        raise KeyFormatError("the key file asks for an scrypt that is not sound, or needs more than 512 MiB")
    if n >= 1 << 16 * min(r, 8):  # beyond RFC 7914, which OpenSSL holds to; early geth wrote N = 2**18 with r = 1
        from Crypto.Protocol.KDF import scrypt

        return Secret.taking(scrypt(password.raw(), salt, length, n, r, p))  # type: ignore[arg-type]
    try:
        kdf = Scrypt(salt=salt, length=length, n=n, r=r, p=p)
        return Secret.filled(length, lambda out: kdf.derive_into(password.view(), out))
    except (ValueError, MemoryError):
        raise KeyFormatError("this machine cannot run the scrypt that the key file asks for") from None


def _pbkdf2(params: Mapping[str, Any], salt: bytes, length: int, password: Secret) -> Secret:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    rounds = _number(params, "c", 1, MOST_ROUNDS)
    if params.get("prf") != "hmac-sha256":
        raise KeyFormatError("prf of the key file is not hmac-sha256")
    kdf = PBKDF2HMAC(SHA256(), length, salt, rounds)
    return Secret.filled(length, lambda out: kdf.derive_into(password.view(), out))


def _aes(key: Secret, iv: bytes, data: bytes | memoryview) -> Secret:
    """AES-128-CTR, its own inverse; at the end of 32 bytes, so that a shorter number is filled up with zeros."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CTR

    stream = Cipher(AES(key.raw()[:16]), CTR(iv)).encryptor()
    return Secret.filled(32, lambda out: stream.update_into(data, out[32 - len(data) :]))


def _checked(private: Secret, address: object) -> Secret:
    """The key, after it is one and its address is the file's, where the file names one."""
    try:
        own = public_to_evm(secp256k1_public(private, compressed=False))
        if isinstance(address, str) and address:
            written = address if address[:2] in ("0x", "0X") else "0x" + address
            if parse_evm_address(written.lower()) != own:
                raise KeyFormatError("the address in the key file is not that of its key")
    except KeyFormatError:
        private.close()
        raise
    return private
