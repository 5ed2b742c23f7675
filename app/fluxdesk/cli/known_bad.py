"""`fluxdesk known-bad`: the list of addresses that the agent warns of. A file the user has; nothing is fetched."""

from pathlib import Path

from fluxdesk.cli.attach import fail
from fluxdesk.core.paths import Profile

AGENT_FOLDER = "agent"
"""Of the profile."""


def update(file: Path, mode: str, data: Path | None, day: str | None) -> int:
    """Bring a published list in, in place of the one before: 0, or 2 with why not. A running agent sees it at once."""
    from fluxdesk_host.agent import known_bad

    profile = _profile(mode, data)
    try:
        count, strange, date = known_bad.update(profile.folder / AGENT_FOLDER, file, day)
    except known_bad.NoList as no:
        return fail("known-bad update", str(no))
    except OSError as error:
        return fail("known-bad update", f"{file}: {error.strerror or error}. The list before was kept.")
    print(f"{count:,} addresses of {file.name}, as of {date}, for the {profile.mode} profile.")
    if strange:
        print(f"{strange:,} entries are addresses of neither EVM chains nor Solana and were left out.")
    return 0


def show(mode: str, data: Path | None) -> int:
    """Say which list there is: 0, or 1 where there is none, or none that can be read."""
    from fluxdesk_host.agent.known_bad import FILE, KnownBad

    found = KnownBad(_profile(mode, data).folder / AGENT_FOLDER / FILE)
    found.refresh()
    try:
        if found.problem:
            print(f"The list cannot be used. {found.problem}")
            return 1
        if not found.date:
            print("There is no known-bad list: no address is compared with one. Bring one in with `update FILE`.")
            return 1
        print(f"{found.count:,} addresses, as of {found.date}, from {found.source}.")
    finally:
        found.close()
    return 0


def _profile(mode: str, data: Path | None) -> Profile:
    return Profile.of("practice" if mode == "practice" else "live", data)
