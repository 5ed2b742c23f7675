"""The file of paired browsers: kept, private, and never read by halves."""

import json
import stat
from pathlib import Path

import pytest

from fluxdesk_host.agent.browsers import LONGEST, Browsers

BROWSER = bytes(range(32))


def key(browsers: Browsers) -> bytes:
    return browsers.static().public_key().public_bytes_raw()


def test_key_and_browsers_outlive_the_agent_and_are_its_users_alone(tmp_path: Path) -> None:
    first = Browsers(tmp_path / "browsers.json")
    first.add(BROWSER, "Chromium")
    second = Browsers(tmp_path / "browsers.json")
    assert key(first) == key(second)
    assert second.knows(BROWSER)
    assert second.forget(BROWSER.hex())
    assert not Browsers(tmp_path / "browsers.json").knows(BROWSER)
    assert [p.name for p in tmp_path.iterdir()] == ["browsers.json"]
    assert stat.S_IMODE((tmp_path / "browsers.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damaged",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"key":"AA=="}', b'{"key":1}',
        b'{"key":"' + b"A" * 43 + b'="}' + b" " * LONGEST, b'{"key":"' + b"A" * 43 + b'=","browsers":{"00":null}}',
    ],
)  # fmt: skip
def test_a_damaged_file_is_kept_and_every_browser_has_to_be_paired_anew(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "browsers.json"
    before = Browsers(path)
    before.add(BROWSER, "Chromium")
    path.write_bytes(damaged)
    after = Browsers(path)
    assert key(after) != key(before)
    assert not after.knows(BROWSER)
    assert (tmp_path / "browsers.damaged").read_bytes() == damaged
    assert key(Browsers(path)) == key(after)


def test_a_link_in_the_place_of_the_new_file_is_not_written_through(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine")
    (tmp_path / "browsers.next").symlink_to(other)
    Browsers(tmp_path / "browsers.json").add(BROWSER, "Chromium")
    assert other.read_text() == "mine"
    assert json.loads((tmp_path / "browsers.json").read_text())["browsers"] == {BROWSER.hex(): "Chromium"}
