"""Says to the browsers of this user where the bridge is: at each start, since a path or a profile may have changed."""

import sys
from pathlib import Path

from fluxdesk.core.paths import Profile, data_home, runtime_dir
from fluxdesk_host.bridge import launcher, manifests
from fluxdesk_host.bridge.sockets import AGENT_SOCKET


def tell_browsers(profile: Profile) -> None:
    """Writes the launcher for this profile and the manifest of every browser found. Raises `OSError`."""
    start = (sys.executable, "-m", "fluxdesk")
    places = launcher.Places(runtime_dir(), AGENT_SOCKET, profile.socket.name, start)
    manifests.install(Path.home(), data_home(), places)
