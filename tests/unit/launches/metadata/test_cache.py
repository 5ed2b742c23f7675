"""The cache on disk: by content, bounded, and distrustful of its own files."""

import os
from pathlib import Path

from fluxdesk.launches.metadata.cache import Kept, MetadataCache
from fluxdesk.launches.metadata.document import Document

KEPT = Kept(Document(description="About"), b"picture bytes", "remark")


def test_what_was_put_comes_back(tmp_path: Path) -> None:
    cache = MetadataCache(tmp_path)
    cache.put("uri", KEPT, 100)
    assert cache.get("uri", 100) == KEPT
    assert cache.get("other", 0) is None


def test_what_is_older_than_asked_for_is_a_miss(tmp_path: Path) -> None:
    cache = MetadataCache(tmp_path)
    cache.put("uri", KEPT, 100)
    assert cache.get("uri", 101) is None


def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    cache = MetadataCache(tmp_path)
    for i in range(10):
        cache.put(f"uri {i}", KEPT, 100)
    assert len(list((tmp_path / "pictures").iterdir())) == 1
    assert len(list((tmp_path / "names").iterdir())) == 10


def test_a_damaged_file_is_a_miss(tmp_path: Path) -> None:
    cache = MetadataCache(tmp_path)
    cache.put("uri", KEPT, 100)
    next((tmp_path / "pictures").iterdir()).write_bytes(b"something else")
    assert cache.get("uri", 0) is None
    next((tmp_path / "names").iterdir()).write_bytes(b"{")
    assert cache.get("uri", 0) is None


def test_beyond_its_size_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = MetadataCache(tmp_path, max_bytes=10_000)
    for i in range(3):
        cache.put(f"uri {i}", Kept(Document(), bytes([i]) * 2_400, ""), 100)
        for path in (*(tmp_path / "names").iterdir(), *(tmp_path / "pictures").iterdir()):
            status = path.stat()
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - 10**9))
    assert cache.get("uri 0", 0) is not None, "used again, so no longer the oldest"
    cache.put("uri 3", Kept(Document(), b"3" * 2_400, ""), 100)
    held = [cache.get(f"uri {i}", 0) is not None for i in range(4)]
    assert held == [True, False, True, True]
    assert sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file()) <= 10_000


def test_a_disk_that_takes_nothing_costs_only_the_cache(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    cache = MetadataCache(blocked)
    cache.put("uri", KEPT, 100)
    assert cache.get("uri", 0) is None
