"""docs/file-formats.md names every file that a program left behind, and its layouts are those of the bytes on disk."""

import base64
import hashlib
import hmac
import json
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent_process import unlocked
from fluxdesk.core.paths import Profile
from fluxdesk_host.keystore.store import Keystore
from waiting import until

PAGE = (Path(__file__).parents[2] / "docs" / "file-formats.md").read_text(encoding="utf-8")


@contextmanager
def folder_of_an_agent(tmp_path: Path) -> Iterator[Path]:
    """After an agent was unlocked twice, took two policies and made its key for browsers."""
    data = tmp_path / "agent"
    for policy in ({"idle_lock_s": 600}, {"idle_lock_s": 300}):
        with unlocked(data, tmp_path, policy) as agent:
            agent.asker("browser").close()
            until((data / "browsers.json").exists)
    yield data


def test_every_file_of_an_agent_is_named_and_private(tmp_path: Path) -> None:
    with folder_of_an_agent(tmp_path) as data:
        found = sorted(file.name for file in data.iterdir())
        assert {"keystore.fdk", "audit.log", "audit.head", "policy.json", "agent.lock"} <= set(found)
        for name in found:
            assert f"`{name}`" in PAGE or f"`{name.replace('keystore.fdk', '')}`" in PAGE, name
            assert stat.S_IMODE((data / name).stat().st_mode) == 0o600, name


def test_the_layouts_are_those_of_the_bytes(tmp_path: Path) -> None:
    with folder_of_an_agent(tmp_path) as data:
        keystore = (data / "keystore.fdk").read_bytes()
        magic, version, length = struct.unpack(">8sHI", keystore[:14])
        header = json.loads(keystore[14 : 14 + length])
        assert (magic, version) == (b"FDKEYS\r\n", 1)
        said = next(line for line in PAGE.splitlines() if "header, JSON" in line)
        assert said.split("JSON: ")[1].split(" (")[0].split(", ") == list(header)
        assert len(keystore) == 14 + length + header["body"] + 32
        assert hashlib.sha256(keystore[:-32]).digest() == keystore[-32:]
        with Keystore.open(data / "keystore.fdk", "correct horse battery") as opened:
            contents = json.loads(bytes(opened.payload.view()))
        key = base64.b64decode(contents["seal"])
        policy = (data / "policy.json").read_bytes()
        standing = policy[len(b'{"standing":') : policy.rindex(b',"seal":')]
        assert json.loads(policy)["seal"] == hmac.digest(key, b"fluxdesk policy 1" + standing, "sha256").hex()
        log, head = (data / "audit.log").read_bytes(), (data / "audit.head").read_bytes()
        assert log[:8] == b"FLUXAUD1"
        at, before, count, named = 8, hashlib.sha256(log[:8]).digest(), 0, ""
        while at < len(log):
            (size,) = struct.unpack_from("<I", log, at)
            frame = log[at : at + 36 + size]
            assert frame[4:36] == before
            before = hashlib.sha256(frame).digest()
            assert log[at + 36 + size : at + 68 + size] == before
            at, count = at + 68 + size, count + 1
            record = json.loads(frame[36:])
            named = record.get("result", "") if record["event"] == "policy" else named
        assert named == hashlib.sha256(standing).hexdigest()
        assert struct.unpack("<Q", head[:8])[0] == count
        sealed = head[40:80]
        assert head[80:] == hmac.digest(key, b"fluxdesk audit head 1" + sealed, "sha256")


def test_every_place_of_a_profile_is_named() -> None:
    profile = Profile.of("practice", Path("/x"))
    for place in (profile.journal, profile.store, profile.search, profile.settings, profile.lock):
        assert f"`{place.name}" in PAGE, place
    assert "`logs/" in PAGE
