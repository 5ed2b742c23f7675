"""Remember on this device: the keystore opens without its passphrase for whoever is logged in to this desktop.

The passphrase's key is written beside the keystore, sealed under a random key that only the desktop's secret store has
(Secret Service, Keychain, Credential Locker, through `keyring`). Neither half opens anything alone, a copied disk
included; a program that runs as the same user while the secret store is unlocked can read both, and that is what the
user is told. A change of passphrase makes both useless.
"""

import base64
import os
from pathlib import Path
from typing import Any

from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore import files
from fluxdesk_host.keystore.errors import KeystoreError, KeystoreMissing, WrongPassphrase
from fluxdesk_host.keystore.kdf import KEY_BYTES, SALT_BYTES
from fluxdesk_host.keystore.store import Keystore

SERVICE = "fluxdesk keystore"
MAGIC = b"FDDEVICE\x01"
_NONCE = 12
LENGTH = len(MAGIC) + SALT_BYTES + _NONCE + KEY_BYTES + 16


class SecretStoreUnavailable(KeystoreError):
    """No secret store that keeps secrets encrypted answers."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This desktop has no secret store that can be used ({why}). Nothing was remembered: the passphrase is "
            "asked for each time."
        )


class NotRemembered(KeystoreError):
    """The passphrase is to be asked for."""

    def __init__(self) -> None:
        super().__init__(
            "This device does not remember the keystore, or its passphrase was changed. Enter the passphrase."
        )


def _remembered(path: Path) -> Path:
    return path.with_name(path.name + ".device")


def _name(path: Path) -> str:
    return os.path.realpath(path)


def _backend() -> Any:
    """The secret store. Raises `SecretStoreUnavailable` for none, and for those that write to plain files."""
    import keyring
    from keyring.errors import KeyringError

    try:
        backend = keyring.get_keyring()
        usable = getattr(backend, "priority", 0)
    except (KeyringError, RuntimeError) as error:
        raise SecretStoreUnavailable(type(error).__name__) from None
    module = type(backend).__module__
    if module == "keyring.backends.chainer":
        backends = [b for b in getattr(backend, "backends", ()) if type(b).__module__ in _TRUSTED]
        if backends:
            return backends[0]
    if module not in _TRUSTED or usable <= 0:
        raise SecretStoreUnavailable("none runs" if "fail" in module or "chainer" in module else module)
    return backend


_TRUSTED = frozenset({
    "keyring.backends.SecretService", "keyring.backends.libsecret", "keyring.backends.kwallet",
    "keyring.backends.macOS", "keyring.backends.Windows",
})  # fmt: skip
"""Those that encrypt under the login. `keyrings.alt` and the like write where every backup finds them."""


def is_remembered(path: Path) -> bool:
    """Whether our half is there; whether the other one is, only the secret store knows."""
    return _remembered(Path(_name(path))).exists()


def available() -> bool:
    """Whether there is a secret store to remember with. Starts nothing, shows nothing."""
    try:
        _backend()
    except SecretStoreUnavailable:
        return False
    return True


def remember(store: Keystore) -> None:
    """From now on `open_remembered` opens this keystore.

    Raises:
        SecretStoreUnavailable: there is none, it is locked, or it refused. Nothing was remembered.
        KeystoreDiskFull, KeystoreUnwritable: nothing was remembered.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    head = MAGIC + store.salt + os.urandom(_NONCE)
    with Secret.random(KEY_BYTES) as wrapping, store.key() as key:
        sealed = head + ChaCha20Poly1305(wrapping.raw()).encrypt(head[-_NONCE:], key.raw(), head)
        _asking("set_password", SERVICE, _name(store.path), base64.b64encode(wrapping.view()).decode())
    try:
        files.replace(_remembered(store.path), sealed, keep_previous=False)
    except KeystoreError:
        forget(store.path)
        raise


def open_remembered(path: Path) -> Keystore:
    """The keystore, without its passphrase.

    Raises:
        NotRemembered: it is not, or not with this passphrase's key any more; what was left of it was removed.
        SecretStoreUnavailable: there is none, it is locked, or it refused.
        KeystoreMissing, KeystoreDamaged and the other errors of `Keystore.open`: as their names say.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    path = Path(_name(path))
    try:
        data = files.read(_remembered(path))
    except KeystoreMissing:
        raise NotRemembered from None
    text = _asking("get_password", SERVICE, _name(path))
    head, sealed = data[: -KEY_BYTES - 16], data[-KEY_BYTES - 16 :]
    try:
        wrapping = base64.b64decode(text or "", validate=True)
        if len(data) != LENGTH or not data.startswith(MAGIC) or len(wrapping) != KEY_BYTES:
            raise ValueError
        cipher = ChaCha20Poly1305(wrapping)
        key = Secret.filled(KEY_BYTES, lambda out: cipher.decrypt_into(head[-_NONCE:], sealed, head, out))
        with key:
            return Keystore.open_with_key(path, key)
    except (InvalidTag, ValueError, WrongPassphrase):
        forget(path)
        raise NotRemembered from None


def forget(path: Path) -> None:
    """Remove both halves; the file first. Does nothing where there are none.

    Raises:
        SecretStoreUnavailable: the file is removed, and the secret store, which is not reached, keeps a key to nothing.
    """
    path = Path(_name(path))
    was = _remembered(path).exists()
    _remembered(path).unlink(missing_ok=True)
    if was:
        _asking("delete_password", SERVICE, _name(path))


def _asking(method: str, *arguments: str) -> str | None:
    """Call the secret store; what it says in an error may name the item, so only the error's kind is passed on."""
    from keyring.errors import KeyringError, PasswordDeleteError

    backend = _backend()
    try:
        answer: str | None = getattr(backend, method)(*arguments)
    except PasswordDeleteError:
        return None
    except (KeyringError, OSError, RuntimeError) as error:
        raise SecretStoreUnavailable(type(error).__name__) from None
    return answer
