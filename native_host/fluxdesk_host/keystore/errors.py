"""What can go wrong with a keystore file: what happened, what was kept, what to do. No text holds a secret."""

from pathlib import Path


class KeystoreError(Exception):
    """Base of all below; the text is for the user."""


class KeystoreMissing(KeystoreError):
    """There is no file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no keystore at {path}. Create a wallet, or restore one from its words.")


class KeystoreExists(KeystoreError):
    """A file that would be overwritten."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is a keystore at {path} already. Nothing was changed. Open it, or move it away first.")


class PassphraseEmpty(KeystoreError):
    """An empty passphrase."""

    def __init__(self) -> None:
        super().__init__("The passphrase is empty. Nothing was changed.")


class WrongPassphrase(KeystoreError):
    """The file is whole and this passphrase does not open it."""

    def __init__(self) -> None:
        super().__init__("This passphrase does not open the keystore. The file is whole and was not changed.")


class KeystoreDamaged(KeystoreError):
    """The bytes are not those that were written."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"The keystore {path} is damaged: {what}. It was not changed. The generation before it is kept beside it "
            f"as {path.name}.previous; open that, or restore from a backup or the words."
        )


class KeystoreTruncated(KeystoreDamaged):
    """The file ends before its end."""


class KeystoreNewer(KeystoreError):
    """Written by a later Fluxdesk."""

    def __init__(self, path: Path, version: int, known: int) -> None:
        super().__init__(
            f"The keystore {path} has version {version}; this Fluxdesk reads versions up to {known}. It was not "
            "changed. Install the version of Fluxdesk that wrote it, or a later one."
        )


class KeystoreTooOld(KeystoreError):
    """Of a version that was never released or is no longer read."""

    def __init__(self, path: Path, version: int) -> None:
        super().__init__(
            f"The keystore {path} has version {version}, which this Fluxdesk does not read. It was not changed. "
            "Restore from a backup or the words."
        )


class KeystoreTooWeak(KeystoreError):
    """The header asks for less work than the least allowed: somebody made this file, Fluxdesk did not."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The keystore {path} asks for a weaker key derivation than Fluxdesk ever writes. It was not opened and "
            "not changed: a passphrase entered into it could be guessed. Restore from a backup or the words."
        )


class KeystoreNoMemory(KeystoreError):
    """The key derivation needs more memory than there is."""

    def __init__(self, mebibytes: int) -> None:
        super().__init__(
            f"Opening the keystore needs {mebibytes} MiB of free memory. Close other programs and try again."
        )


class KeystoreDiskFull(KeystoreError):
    """No room to write the new file; the old one stands."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The disk of {path} is full: the change was not saved. The keystore as it was is whole. Make room."
        )


class KeystoreUnwritable(KeystoreError):
    """Writing failed for another reason than room; the old one stands."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The keystore {path} could not be written ({why}): the change was not saved. The file as it was is whole."
        )


class KeystoreUnreadable(KeystoreError):
    """Reading failed."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"The keystore {path} could not be read ({why}).")


class KeystoreChanged(KeystoreError):
    """Somebody else wrote the file since it was opened."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The keystore {path} was changed by another program since it was opened: this change was not saved, "
            "theirs was kept. Lock and unlock again."
        )
