"""The journal: raw bytes as sources delivered them, kept in SQLite (WAL) before anything is read into them.

`SqliteJournal` appends and trims; one process holds it. `JournalReader` reads while it does, from any process. Neither
looks into a payload. How it is laid out and what it promises after a crash: docs/adr/0006-journal.md.
"""

from fluxdesk.launches.journal.errors import JournalBusy, JournalDamaged, JournalError, JournalNewer
from fluxdesk.launches.journal.reader import JournalReader, Record
from fluxdesk.launches.journal.writer import SqliteJournal
from fluxdesk.launches.ports import JournalFull

__all__ = [
    "JournalBusy",
    "JournalDamaged",
    "JournalError",
    "JournalFull",
    "JournalNewer",
    "JournalReader",
    "Record",
    "SqliteJournal",
]
