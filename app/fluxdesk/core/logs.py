"""Log files: one JSON object a line, secrets taken out, rotated, a level for each module. Nothing happens at import.

A program calls `configure` once at its start; modules use `logging.getLogger(__name__)` and may pass `extra={...}` for
structured fields. Only this module decides where lines go; nothing here prints.
"""

import contextlib
import json
import logging
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdesk.core.redaction import redact, redact_value
from fluxdesk.core.settings import Settings

if TYPE_CHECKING:
    from io import TextIOWrapper

MAX_FILE_BYTES = 5_000_000
KEPT_FILES = 5
MAX_TEXT = 8_000
"""Characters of a message or traceback that are kept, counted after redaction."""

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line of ASCII JSON: `t` (UTC), `level`, `module`, `pid`, `message`, its fields, `error`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end. Control characters come out escaped, so a line cannot forge another."""
        clock = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "t": f"{clock}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "module": record.name,
            "pid": record.process,
            "message": _cut(redact(_message(record))),
        }
        for name, value in vars(record).items():
            if name not in _STANDARD and name not in line:
                line[name] = redact_value(name, value)
        if record.exc_info:
            line["error"] = _cut(redact(self.formatException(record.exc_info)))
        if record.stack_info:
            line["stack"] = _cut(redact(record.stack_info))
        return json.dumps(line, default=lambda other: redact(str(other)))


class _PrivateFile(logging.FileHandler):
    """A file that only its owner can read and that starts anew when full, keeping `KEPT_FILES` older ones.

    `logging.handlers` does the same, but its import costs more than everything else here together.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, in a new file when this one is full."""
        super().emit(record)
        if self.stream is not None and self.stream.tell() >= MAX_FILE_BYTES:
            self._rotate()

    def _open(self) -> "TextIOWrapper":
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        os.fchmod(descriptor, 0o600)
        return os.fdopen(descriptor, "a", encoding="ascii", errors="backslashreplace")

    def _rotate(self) -> None:
        if self.stream is not None:
            self.stream.close()
        for n in range(KEPT_FILES - 1, 0, -1):
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{self.baseFilename}.{n}", f"{self.baseFilename}.{n + 1}")
        os.replace(self.baseFilename, f"{self.baseFilename}.1")
        self.stream = self._open()


@dataclass(frozen=True, slots=True)
class Logs:
    """What `configure` set up: the file that is written to, and the lines of `log_levels` that made no sense."""

    file: Path
    problems: tuple[str, ...]


def configure(folder: Path, program: str, settings: Settings) -> Logs:
    """Send the log of this process to `folder/program.log` at the levels of `settings`. Calling it again replaces that.

    Raises:
        OSError: the folder or file cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{program}.log"
    handler = _PrivateFile(file)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, _PrivateFile)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    return Logs(file, tuple(set_levels(settings.text("log_level"), settings.lines("log_levels"))))


def set_levels(level: str, per_module: Iterable[str]) -> list[str]:
    """Set our own level and those of `module=level` lines; returns a sentence for each line that makes no sense.

    Other people's libraries log warnings and errors only, unless a line names them.
    """
    logging.getLogger().setLevel(logging.WARNING)
    for name in [n for n in logging.root.manager.loggerDict if n.startswith("fluxdesk.")]:
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.getLogger("fluxdesk").setLevel(_LEVELS[level])
    problems = []
    for line in per_module:
        module, _, wanted = (part.strip() for part in line.partition("="))
        if not module or wanted.lower() not in _LEVELS:
            problems.append(f"Log level line {line!r} is not module=level, with a level of {', '.join(_LEVELS)}.")
        else:
            logging.getLogger(module).setLevel(_LEVELS[wanted.lower()])
    return problems


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} (its arguments did not fit)"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]} ... {len(text) - MAX_TEXT} more characters"
