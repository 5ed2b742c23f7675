"""The audit log: every request, decision and signature, newest first; checked from end to end; written into a file."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from fluxdesk.desktop.approval import words as say
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QFileDialog, QLineEdit, QTimer, QWidget, Signal
from fluxdesk.desktop.screens.wallet.log_file import Group, LogFile, Page
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, Segmented, box, hbox, rule, vbox
from fluxdesk.desktop.widgets.grid import Cell, Grid, GridColumn, GridModel
from fluxdesk.desktop.widgets.meter import Meter
from fluxdesk.desktop.words import local, remote, short_address

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Audit
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk_host.agent.audit import Entry

_C = "Wallet"
MOST = 20
"""Problems that are named."""
A_PAGE: Final = 200
SEGMENTS: Final = 24
TYPING_MS: Final = 250
_NOTABLE: Final = frozenset(
    {"refused", "died", "withheld", "exported", "words shown", "wrong code", "earlier keystore"}
)  # fmt: skip
_GROUPS: Final[tuple[Group, ...]] = ("all", "requests", "signatures", "changes")


def what(entry: "Entry") -> str:
    """The event in words."""
    known = {
        "asked": tr(_C, "Asked you"), "signed": tr(_C, "Signed"), "refused": tr(_C, "Refused"),
        "rejected": tr(_C, "You said no"), "died": tr(_C, "Ran out or died"), "withheld": tr(_C, "Signature withheld"),
        "policy": tr(_C, "Limits changed"), "locked": tr(_C, "Locked"), "unlocked": tr(_C, "Unlocked"),
        "started": tr(_C, "Agent started"), "connected": tr(_C, "Site connected"),
        "disconnected": tr(_C, "Site disconnected"), "exported": tr(_C, "Key exported"),
        "words shown": tr(_C, "Words shown"), "wrong code": tr(_C, "Wrong code"),
        "earlier keystore": tr(_C, "Earlier file put back"),
    }  # fmt: skip
    words = known.get(entry.event) or remote(entry.event)
    return words[:1].upper() + words[1:]


def tone(entry: "Entry") -> str:
    """Its colour; the word says the same."""
    if entry.event == "signed":
        return "buy"
    return "warn" if entry.event in _NOTABLE else "text1"


def detail(entry: "Entry") -> str:
    """Why, by what, or which."""
    given = entry.reason or entry.note or entry.decision
    return remote(" · ".join(part for part in (entry.kind, given) if part), 300)


def whole(entry: "Entry") -> str:
    """Every field of a record, one a line."""
    lines = []
    for name, value in msgspec.to_builtins(entry).items():
        if name == "at":
            when = tr(_C, "{wall} by the wall clock, {agent} ms of agent time", wall=_time(entry), agent=value[0])
            lines.append(f"at: {when}")
        elif name == "spends":
            lines += [f"takes: {remote(msgspec.json.encode(spend).decode(), 400)}" for spend in value]
        else:
            lines.append(f"{name}: {remote(str(value), 400)}")
    return "\n".join(lines)


def _time(entry: "Entry") -> str:
    return local("%-d %b %Y, %H:%M:%S", None if entry.at is None else entry.at.wall / 1000)


def _where(entry: "Entry") -> str:
    account = short_address(entry.account.partition(":")[2], 6, 4) if entry.account else ""
    return " · ".join(part for part in (account, say.chain_name(entry.chain) if entry.chain else "") if part)


def log_model() -> "GridModel[Entry]":
    """The columns."""
    columns: tuple[GridColumn[Entry], ...] = (
        GridColumn(
            tr(_C, "No."), 64, True, lambda e: Cell(f"{e.n:,}", "text3", "mono_micro"),
            tr(_C, "Its place in the chain of records."),
        ),
        GridColumn(
            tr(_C, "Time"), 146, False, lambda e: Cell(_time(e), "text2"),
            tr(_C, "By this computer's wall clock, local time. The order does not come from it."),
        ),
        GridColumn(
            tr(_C, "What"), 132, False, lambda e: Cell(what(e), tone(e), "medium"), tr(_C, "What the agent did.")
        ),
        GridColumn(
            tr(_C, "Who asked"), 170, False, lambda e: Cell(remote(e.origin, 64), "text1"),
            tr(_C, "The site, as the paired browser says, or a part of Fluxdesk."),
        ),
        GridColumn(
            tr(_C, "Account and chain"), 200, False, lambda e: Cell(_where(e), "text2"), tr(_C, "For whom, and where.")
        ),
        GridColumn(
            tr(_C, "Why"), 0, False, lambda e: Cell(detail(e), "text2"),
            tr(_C, "The kind, and what decided it."), least=140,
        ),
    )  # fmt: skip
    return GridModel(
        columns, lambda e: e.n, lambda e: f"{e.n}: {_time(e)}, {what(e)}, {e.origin} {_where(e)} {detail(e)}"
    )


class Log(QWidget):
    """The page.

    Signals:
        failed: A sentence.
        said: A sentence about what was written.
    """

    failed = Signal(str)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._file: LogFile | None = None
        self._before: int | None = None
        self._reading = False
        self._again = False
        self.button = Button(tr(_C, "Check the log"), "primary")
        self.export_button = Button(tr(_C, "Export"), tip=tr(_C, "Write every record into a file, one a line (JSON)"))
        self._mark = Picture("mark", "unknown", size=18)
        self.verdict = Label("", "strong", wrap=True)
        self._details = Label("", "small", "text2", wrap=True)
        self.meter = Meter(SEGMENTS)
        self.meter.hide()
        self.groups = Segmented(
            (tr(_C, "All"), tr(_C, "Requests"), tr(_C, "Signatures"), tr(_C, "Changes")), 0, tr(_C, "Kind of record")
        )
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(_C, "Site, account, chain, id or digest"))
        self.search.setAccessibleName(tr(_C, "Search the log"))
        self.search.setMaxLength(120)
        self.search.setFixedWidth(look().px(280))
        set_role(self.search, "body")
        self.model = log_model()
        self.grid = Grid(self.model, tr(_C, "Audit log"), height=32, lines=True)
        self.count = Label("", "small", "text3")
        self.record = Label("", "mono", "text2", wrap=True)
        self._lay_out()
        self.home: QWidget = self.button
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._read_anew)
        self.button.clicked.connect(self.check)
        self.export_button.clicked.connect(self._choose_file)
        self.groups.chosen.connect(lambda _: self._read_anew())
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.grid.bottom_reached.connect(self._read_more)
        self.grid.selectionModel().currentRowChanged.connect(lambda now, _: self._select(now.row()))

    def _lay_out(self) -> None:
        note = tr(
            _C,
            "Each record is chained to the one before and sealed with a key of the wallet: one that was changed, left "
            "out or cut off shows when the log is checked.",
        )
        head = vbox(
            hbox(self.button, self.export_button, 8, self._mark, (self.verdict, 1)),
            self.meter,
            self._details,
            Label(note, "small", "text2", wrap=True),
            hbox(self.groups, self.search, None, self.count),
            gap=8,
            margins=(16, 14, 16, 10),
        )
        foot = box(hbox((self.record, 1), margins=(16, 8, 16, 8)))
        self.setLayout(vbox(box(head), rule(), (self.grid, 1), rule(), foot, gap=0))

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        self._file = None if link is None else LogFile(link.data / "audit.log")
        if link is not None:
            link.progressed.connect(self._progress)
        self.forget()

    def forget(self) -> None:
        """No verdict, no record."""
        self._mark.set("unknown")
        self.verdict.set(tr(_C, "Not checked since Fluxdesk started"), "text2")
        self._say_details("")
        self.meter.hide()
        self.model.reset([])
        self.record.set("")
        self.count.set("")
        self._before = None

    def refresh(self) -> None:
        """Reads the newest records again."""
        self._read_anew()

    # --- the list ---

    def _read_anew(self) -> None:
        if self._file is None:
            return
        if self._reading:
            self._again = True
            return
        self._before = None
        self._read(first=True)

    def _read_more(self) -> None:
        if self._before is not None and not self._reading:
            self._read(first=False)

    def _read(self, first: bool) -> None:
        file = self._file
        if file is None:
            return
        self._reading, self._again = True, False
        group, text = _GROUPS[self.groups.current], self.search.text()
        work = asyncio.to_thread(file.page, None if first else self._before, A_PAGE, group, text)
        run(self, work, lambda page: self._show_page(page, first), self._not_read)

    def _show_page(self, page: Page, first: bool) -> None:
        self._reading = False
        if self._again:
            self._read_anew()
            return
        self._before = page.before
        if first:
            self.model.reset(list(page.entries))
            self.record.set("")
        else:
            self.model.append(list(page.entries))
        records = plural(_C, page.records, "{n} record", "{n} records")
        shown = tr(_C, "{n} shown of {records}", n=f"{len(self.model.rows):,}", records=records)
        if page.unreadable:
            self.count.set(tr(_C, "{shown}; the next one cannot be read: check the log", shown=shown), "sell")
        else:
            self.count.set(shown, "text3")
        self.grid.show_note(tr(_C, "No record fits.") if page.records else tr(_C, "No record yet."))

    def _not_read(self, error: BaseException) -> None:
        self._reading = False
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self.grid.show_note(tr(_C, "The log cannot be read: {why}.", why=why))

    def _select(self, place: int) -> None:
        self.record.set(whole(self.model.rows[place]) if 0 <= place < len(self.model.rows) else "")

    # --- checking and writing ---

    def check(self) -> None:
        """Reads the log from end to end."""
        if self._link is not None:
            self.button.setEnabled(False)
            self.meter.set_level(0, "accent")
            self.meter.show()
            run(self, self._link.verify_log(), self._show, self._fail)

    def _progress(self, done: float, of: float) -> None:
        self.meter.set_level(int(SEGMENTS * done / max(1.0, of)), "accent")

    def _show(self, found: "Audit") -> None:
        self.button.setEnabled(True)
        self.meter.hide()
        records = plural(_C, found.records, "{n} record", "{n} records")
        if found.problems:
            self._mark.set("bad")
            self.verdict.set(tr(_C, "Damaged: {records} read", records=records), "sell")
            more = len(found.problems) - MOST
            left = [tr(_C, "and {n} more", n=more)] if more > 0 else []
            self._say_details("\n".join([*found.problems[:MOST], *left]))
            return
        self._mark.set("ok")
        self.verdict.set(tr(_C, "Whole: {records}, none changed, left out or cut off", records=records), "text1")
        torn = tr(_C, "{n} bytes of an unfinished record at the end; nothing had left on it.", n=found.torn)
        self._say_details(torn if found.torn else "")

    def _say_details(self, words: str) -> None:
        self._details.set(words)
        self._details.setVisible(bool(words))

    def _fail(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        self.meter.hide()
        self.failed.emit(str(error))

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, tr(_C, "Export the audit log"), "fluxdesk-audit.jsonl")
        if chosen:
            self.write_to(Path(chosen))

    def write_to(self, path: Path) -> None:
        """Every record as a line of JSON, into a file for the user alone."""
        if self._file is not None:
            work = asyncio.to_thread(self._file.write_lines, path)
            run(self, work, lambda n: self._written(int(n), path), self._not_written)

    def _written(self, n: int, path: Path) -> None:
        records = plural(_C, n, "{n} record", "{n} records")
        self.said.emit(tr(_C, "{records} written to {file}.", records=records, file=path.name))

    def _not_written(self, error: BaseException) -> None:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self.failed.emit(tr(_C, "The log was not written: {why}. Nothing was changed.", why=why))
