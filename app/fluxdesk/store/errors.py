"""What can be wrong with the store, in sentences for the user."""

from pathlib import Path


class StoreError(Exception):
    """The tables cannot be used; the message says what happened, what was kept and what to do."""


class StoreDamaged(StoreError):
    """The file is not what the store wrote."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"The tables {path} cannot be read: {what}. Nothing was changed. "
            "Move the file away and start again: what the journal still holds is read into new tables."
        )


class StoreNewer(StoreError):
    """A later version of Fluxdesk wrote the file."""

    def __init__(self, path: Path, version: str) -> None:
        super().__init__(
            f"The tables {path} have version {version}, which this Fluxdesk does not know. Nothing was changed. "
            "Use the newer Fluxdesk, or choose another data folder with --data."
        )


class MigrationFailed(StoreError):
    """Bringing the tables to this version went wrong; the old file is where it was."""

    def __init__(self, path: Path, version: str, what: str) -> None:
        super().__init__(
            f"The tables {path} could not be brought from version {version} to this Fluxdesk's: {what}. "
            "They are unchanged and work with the Fluxdesk that wrote them."
        )


class StoreFull(StoreError):
    """The disk is full: nothing of the batch was stored, everything before it was."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The disk of {path} is full. The last batch was not stored; it stays in the journal and is read again "
            "once there is room."
        )
