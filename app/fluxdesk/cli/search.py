"""`fluxdesk search WORDS`: tokens by name, symbol, description, creator or mint. Asks the running node, else the files.

Without a node the tables are opened read-only; the index beside them is brought up to them first.
"""

import asyncio
import sqlite3
import sys
from pathlib import Path
from typing import TextIO, get_args

import msgspec

from fluxdesk.cli.attach import expected_failures, fail, folder_problem, is_running
from fluxdesk.cli.table import plain
from fluxdesk.core.paths import Mode, Profile
from fluxdesk.core.views import SearchHit

LIMIT = 20


class _OtherVersion(Exception):
    """The tables are those of another version; the message says which."""


def run(
    words: str, profile: str = "live", data: Path | None = None, json: bool = False, limit: int = LIMIT,
    out: TextIO | None = None,
) -> int:  # fmt: skip
    """Exit code: 0 (also when nothing matches), 1 when the profile cannot be read, 2 for wrong options."""
    out = out or sys.stdout
    mode = next((known for known in get_args(Mode) if known == profile), None)
    if mode is None:
        return fail("search", f"--profile is practice, live or replay, not {profile}.")
    if not words.strip():
        return fail("search", "Name at least one word.")
    if not 1 <= limit <= 100:
        return fail("search", "--limit is from 1 to 100.")
    if (problem := folder_problem(data)) is not None:
        return fail("search", problem)
    chosen = Profile.of(mode, data)
    try:
        hits = asyncio.run(_ask(chosen, words, limit)) if is_running(chosen) else _look_up(chosen, words, limit)
    except FileNotFoundError:
        return fail("search", f"Nothing was recorded in {chosen.folder} yet.", 1)
    except _OtherVersion as error:
        return fail("search", str(error), 1)
    except expected_failures() as error:
        return fail("search", str(error), 1)
    encode = msgspec.json.Encoder().encode
    for hit in hits:
        out.write((encode(hit).decode() if json else _sentence(hit)) + "\n")
    return 0


async def _ask(profile: Profile, words: str, limit: int) -> list[SearchHit]:
    from fluxdesk.client import NodeClient

    client = NodeClient(profile.socket)
    try:
        return (await client.search(words, limit=limit)).items
    finally:
        await client.close()


def _look_up(profile: Profile, words: str, limit: int) -> list[SearchHit]:
    """Raises `FileNotFoundError` where no node ever ran, and what the files' own errors are."""
    from fluxdesk.launches.search import SearchIndex
    from fluxdesk.node.lock import ProfileLock
    from fluxdesk.node.places import FileUnusable, check_places
    from fluxdesk.store.repository import Repository
    from fluxdesk.store.schema import HEAD

    check_places(profile)
    repository = Repository(profile.store)
    try:
        if not repository.current:
            raise _OtherVersion(
                f"The tables {profile.store} have version {repository.version}; this Fluxdesk's is {HEAD}. "
                "Nothing was changed. A node of this version brings older tables up to it when it starts."
            )
        lock = ProfileLock(profile.lock)
        try:
            index = SearchIndex(profile.search, repository)
            index.follow()
            hits = index.search(words, limit)
            index.close()
        except (sqlite3.Error, OSError) as error:
            raise FileUnusable(profile, str(error)) from error
        finally:
            lock.release()
    finally:
        repository.close()
    return hits


def _sentence(hit: SearchHit) -> str:
    return f"{plain(hit.symbol, 12):<12} {plain(hit.name, 40):<40} {hit.venue:<18} {hit.mint}  (by {hit.matched})"
