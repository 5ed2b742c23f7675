"""What can be wrong with a journal, in sentences for the user. `JournalFull` is in the port (launches/ports.py)."""

from pathlib import Path


class JournalError(Exception):
    """The journal cannot be used; the message says what happened, what was kept and what to do."""


class JournalDamaged(JournalError):
    """Bytes on disk are not what the journal wrote."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"The journal {path} cannot be read: {what}. Nothing was changed. "
            "Move the file away to start a new one, or choose another data folder with --data."
        )


class JournalNewer(JournalError):
    """A later version of Fluxdesk wrote the file."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"The journal {path} has format {found}; this Fluxdesk reads up to {known}. Nothing was changed. "
            "Use the newer Fluxdesk, or choose another data folder with --data."
        )


class JournalBusy(JournalError):
    """Another process appends to the same file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another Fluxdesk is recording into {path}. Nothing was changed. "
            "Stop it, or choose another data folder with --data."
        )
