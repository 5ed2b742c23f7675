"""Log files hold one JSON object a line, at the levels asked for, readable by their owner only."""

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fluxdesk.core import logs
from fluxdesk.core.settings import Settings


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("fluxdesk")
    handlers, level, own = list(root.handlers), root.level, ours.level
    yield
    for handler in [h for h in root.handlers if h not in handlers]:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    ours.setLevel(own)
    logging.getLogger("fluxdesk.launches").setLevel(logging.NOTSET)


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def configure(folder: Path, **changed: str | tuple[str, ...]) -> logs.Logs:
    return logs.configure(folder, "node", Settings(changed))


def test_a_line_says_when_who_and_what_with_its_fields(tmp_path: Path) -> None:
    made = configure(tmp_path)
    logging.getLogger("fluxdesk.launches").info("gap %s", "filled", extra={"slot": 5, "source": "a"})
    (line,) = lines(made.file)
    assert line["level"] == "info"
    assert line["module"] == "fluxdesk.launches"
    assert line["message"] == "gap filled"
    assert line["slot"] == 5
    assert str(line["t"]).endswith("Z")


def test_secrets_are_hidden_in_message_fields_and_traceback(tmp_path: Path) -> None:
    made = configure(tmp_path)
    url = "wss://rpc.example.org/?api-key=a1B2c3D4e5F6a7B8"
    try:
        raise ValueError(f"no answer from {url}")
    except ValueError:
        logging.getLogger("fluxdesk.launches").exception("failed: %s", url, extra={"endpoint": url, "password": "x9"})
    text = made.file.read_text()
    assert "a1B2c3D4e5F6a7B8" not in text
    assert "x9" not in text
    assert "ValueError" in text
    assert "rpc.example.org" in text


def test_a_message_cannot_forge_a_second_line_or_move_a_terminal(tmp_path: Path) -> None:
    made = configure(tmp_path)
    logging.getLogger("fluxdesk").info('name\n{"level": "error"}\x1b[2J\x9b\u202e')
    raw = made.file.read_bytes()
    assert raw.count(b"\n") == 1
    assert raw.isascii()
    assert b"\x1b" not in raw


def test_a_level_holds_for_its_module_only(tmp_path: Path) -> None:
    made = configure(tmp_path, log_level="warning", log_levels=("fluxdesk.launches=debug",))
    logging.getLogger("fluxdesk.launches.sources").debug("seen")
    logging.getLogger("fluxdesk.node").info("not seen")
    logging.getLogger("fluxdesk.node").warning("seen too")
    assert [line["message"] for line in lines(made.file)] == ["seen", "seen too"]


def test_other_libraries_write_warnings_only(tmp_path: Path) -> None:
    made = configure(tmp_path, log_level="debug")
    logging.getLogger("websockets.client").info("chatter")
    logging.getLogger("websockets.client").warning("trouble")
    assert [line["message"] for line in lines(made.file)] == ["trouble"]


def test_a_level_line_that_makes_no_sense_is_said_and_the_rest_holds(tmp_path: Path) -> None:
    made = configure(tmp_path, log_levels=("fluxdesk.launches=loud", "fluxdesk.node=debug"))
    assert len(made.problems) == 1
    assert "fluxdesk.launches=loud" in made.problems[0]
    assert logging.getLogger("fluxdesk.node").getEffectiveLevel() == logging.DEBUG


def test_files_are_private_and_rotate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_FILE_BYTES", 2_000)
    made = configure(tmp_path / "logs")
    for n in range(200):
        logging.getLogger("fluxdesk").info("line %d", n)
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == logs.KEPT_FILES + 1
    assert all(stat.S_IMODE(f.stat().st_mode) == 0o600 for f in files)
    assert all(f.stat().st_size <= 2_200 for f in files)  # a line is never cut in two
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o700
    assert lines(made.file)[-1]["message"] == "line 199"


def test_configuring_twice_writes_each_line_once(tmp_path: Path) -> None:
    configure(tmp_path)
    made = configure(tmp_path)
    logging.getLogger("fluxdesk").info("once")
    assert len(lines(made.file)) == 1


def test_arguments_that_do_not_fit_are_logged_and_not_raised(tmp_path: Path) -> None:
    made = configure(tmp_path)
    record = logging.LogRecord("fluxdesk", logging.INFO, __file__, 1, "%d launches", ("many",), None)
    (handler,) = [h for h in logging.getLogger().handlers if getattr(h, "baseFilename", "") == str(made.file)]
    handler.handle(record)
    assert "%d launches" in str(lines(made.file)[0]["message"])


def test_a_very_long_message_is_cut_after_it_was_redacted(tmp_path: Path) -> None:
    made = configure(tmp_path)
    key = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
    logging.getLogger("fluxdesk").info("%s %s", "x" * (logs.MAX_TEXT - 30), key)
    message = str(lines(made.file)[0]["message"])
    assert key[6:20] not in message
    assert len(message) < logs.MAX_TEXT + 100
