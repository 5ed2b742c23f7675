"""Says to the browsers of this user where the bridge is: at each start, since a path or a profile may have changed.

Whoever has it removed is asked again by nobody: until it is installed by command, starts write nothing.
"""

import sys
from pathlib import Path

from fluxdesk.core.paths import Profile, data_home, runtime_dir
from fluxdesk_host.bridge import launcher, manifests
from fluxdesk_host.bridge.sockets import AGENT_SOCKET

_REMOVED = "removed-by-user"


def _mark() -> Path:
    return data_home() / "bridge" / _REMOVED


def install(profile: Profile) -> list[manifests.Browser]:
    """Writes the launcher for this profile and the manifest of every browser found. Raises `OSError`."""
    _mark().unlink(missing_ok=True)
    start = (sys.executable, "-m", "fluxdesk")
    places = launcher.Places(runtime_dir(), AGENT_SOCKET, profile.socket.name, start)
    return manifests.install(Path.home(), data_home(), places)


def tell_browsers(profile: Profile) -> list[manifests.Browser]:
    """`install`, unless the user had it removed; the browsers found. Raises `OSError`."""
    return manifests.found(Path.home()) if _mark().exists() else install(profile)


def remove() -> list[Path]:
    """Removes manifests and launcher, and remembers that. What was removed. Raises `OSError`."""
    gone = manifests.remove(Path.home(), data_home())
    _mark().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _mark().touch(mode=0o600)
    return gone


def confined(browsers: list[manifests.Browser]) -> manifests.Browser | None:
    """A browser that cannot start the bridge, where there is no other; None elsewhere."""
    return None if any(not one.why_not for one in browsers) else next(iter(browsers), None)
