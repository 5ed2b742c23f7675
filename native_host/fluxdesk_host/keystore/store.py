"""`Keystore`: an open keystore file. Holds the passphrase's key and the payload in wipeable buffers until it is closed.

Not for several threads at once. Everything here blocks: key derivation for about a second, files for a sync.
"""

import os
from pathlib import Path
from typing import Self

from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore import files, sealed
from fluxdesk_host.keystore.errors import (
    KeystoreChanged,
    KeystoreDamaged,
    KeystoreError,
    KeystoreExists,
    KeystoreMissing,
    WrongPassphrase,
)
from fluxdesk_host.keystore.kdf import SALT_BYTES, Cost, calibrated, derive


class Keystore:
    """One open file. `payload` is what it holds; a context manager that wipes everything at its end."""

    def __init__(self, path: Path, key: Secret, salt: bytes, cost: Cost, payload: Secret, digest: bytes) -> None:
        """For the class methods below."""
        self._path, self._key, self._salt, self._cost = path, key, salt, cost
        self._payload, self._digest = payload, digest
        self._replaces: bytes | None = None

    @classmethod
    def create(cls, path: Path, passphrase: str | Secret, payload: Secret, cost: Cost | None = None) -> Self:
        """A new file. Without `cost` the derivation is calibrated first. The folder is made, for its owner only.

        Raises:
            KeystoreExists: there is one, or a previous generation of one. Nothing was changed.
            KeystoreDiskFull, KeystoreUnwritable, PassphraseEmpty, KeystoreNoMemory: as their names say.
        """
        path = Path(os.path.realpath(path))
        for there in (path, files.previous_of(path)):
            if there.exists():
                raise KeystoreExists(there)
        salt, cost = os.urandom(SALT_BYTES), cost or calibrated()
        key = derive(passphrase, salt, cost)
        store = cls(path, key, salt, cost, Secret(payload.view()), b"")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            store._write(store._payload)
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open(cls, path: Path, passphrase: str | Secret) -> Self:
        """The file at `path` (or a previous generation, by its own path).

        Raises:
            KeystoreMissing, KeystoreUnreadable, KeystoreDamaged, KeystoreTruncated, KeystoreNewer, KeystoreTooOld,
            KeystoreTooWeak, WrongPassphrase, PassphraseEmpty, KeystoreNoMemory: as their names say.
        """
        path = Path(os.path.realpath(path))
        parts = sealed.take_apart(files.read(path), path)
        return cls._opened(parts, derive(passphrase, parts.header.salt, parts.header.cost))

    @classmethod
    def open_with_key(cls, path: Path, key: Secret) -> Self:
        """As `open`, with a copy of what `key()` gave: for a device that remembers it. Raises as `open` does."""
        path = Path(os.path.realpath(path))
        return cls._opened(sealed.take_apart(files.read(path), path), Secret(key.view()))

    @classmethod
    def open_previous(cls, path: Path, passphrase: str | Secret) -> Self:
        """Put the previous generation back in the place of a file that is damaged or gone, and open it.

        What was there is kept as `.damaged` (`.damaged-2` and so on). The previous generation itself stays as well.

        Raises:
            KeystoreExists: the file is whole; it is not put aside.
            KeystoreMissing and the other errors of `open`, about the previous generation: nothing was changed.
        """
        path = Path(os.path.realpath(path))
        try:
            sealed.take_apart(files.read(path), path)
        except (KeystoreMissing, KeystoreDamaged):
            pass
        else:
            raise KeystoreExists(path)
        with cls.open(files.previous_of(path), passphrase) as previous:
            data = files.read(files.previous_of(path))
            key = previous.key()
        with key:
            files.put_aside(path)
            files.replace(path, data, keep_previous=False)
            return cls.open_with_key(path, key)

    @classmethod
    def _opened(cls, parts: sealed.Sealed, key: Secret) -> Self:
        try:
            payload = sealed.unseal(parts, key)
        except BaseException:
            key.close()
            raise
        header = parts.header
        store = cls(parts.path, key, header.salt, header.cost, payload, parts.digest)
        store._replaces = header.replaces
        store._finish_change()
        return store

    @property
    def path(self) -> Path:
        """Of the file, with links resolved."""
        return self._path

    @property
    def cost(self) -> Cost:
        """The work of its key derivation."""
        return self._cost

    @property
    def salt(self) -> bytes:
        """Of its key derivation; changes with the passphrase."""
        return self._salt

    @property
    def payload(self) -> Secret:
        """What it holds. Belongs to the keystore: it is wiped by `save` and by `close`."""
        return self._payload

    @property
    def mark(self) -> str:
        """Names this file among all its generations: the SHA-256 at its end, in hex. Tells nothing of its content."""
        return self._digest.hex()

    def key(self) -> Secret:
        """A copy of the passphrase's key, for `device.remember`. The caller closes it."""
        return Secret(self._key.view())

    def is_passphrase(self, passphrase: str | Secret) -> bool:
        """Whether this is the passphrase; to ask again before an export. Blocks as `open` does."""
        with derive(passphrase, self._salt, self._cost) as key:
            return key == self._key

    def save(self, payload: Secret) -> None:
        """Replace what it holds; the file as it was becomes the previous generation.

        Raises:
            KeystoreChanged: another program wrote the file since. Nothing was changed.
            KeystoreDiskFull, KeystoreUnwritable: nothing was changed, here neither.
        """
        kept = Secret(payload.view())
        try:
            self._write(kept)
        except BaseException:
            kept.close()
            raise
        self._payload.close()
        self._payload = kept

    def change_passphrase(self, old: str | Secret, new: str | Secret, cost: Cost | None = None) -> None:
        """Seal everything anew under a key from `new`: afterwards neither generation opens with `old`.

        What the disk may still hold of overwritten files is out of reach.

        Raises:
            WrongPassphrase: `old` is not the passphrase. Nothing was changed.
            PassphraseEmpty, KeystoreChanged, KeystoreDiskFull, KeystoreUnwritable, KeystoreNoMemory: likewise.
        """
        if not self.is_passphrase(old):
            raise WrongPassphrase
        before = (self._key, self._salt, self._cost, self._replaces)
        salt, cost = os.urandom(SALT_BYTES), cost or calibrated()
        self._key, self._salt, self._cost, self._replaces = derive(new, salt, cost), salt, cost, self._salt
        try:
            self._write(self._payload)
        except BaseException:
            self._key.close()
            self._key, self._salt, self._cost, self._replaces = before
            raise
        before[0].close()
        self._finish_change()

    def _finish_change(self) -> None:
        """Seal the previous generation anew when it is still under the passphrase before.

        After `change_passphrase` at once; at the next opening when that was cut off, or the disk was full.
        """
        if self._replaces is None:
            return
        previous = files.previous_of(self._path)
        try:
            if sealed.take_apart(files.read(previous), previous).header.salt == self._replaces:
                data = sealed.seal(self._key, self._salt, self._cost, self._payload, self._replaces)
                files.replace(previous, data, keep_previous=False)
        except KeystoreError:  # the file itself is whole; the next opening tries again
            return

    def _write(self, payload: Secret) -> None:
        if self._digest and files.read(self._path)[-len(self._digest) :] != self._digest:
            raise KeystoreChanged(self._path)
        data = sealed.seal(self._key, self._salt, self._cost, payload, self._replaces)
        files.replace(self._path, data)
        self._digest = data[-32:]

    def close(self) -> None:
        """Wipe key and payload. A second call does nothing."""
        self._key.close()
        self._payload.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
