"""What a node is started with. Plain data, checked by `resolved`."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from fluxdesk.core.paths import Mode, Profile


class BadOptions(Exception):
    """The options contradict each other or name what is not there; the message is one line for the user."""


@dataclass(frozen=True, slots=True)
class NodeOptions:
    """How to run a node.

    Attributes:
        mode: Practice, live or replay.
        data: Data folder; None is the profile's usual one.
        seed: Of the practice market, see `session_seed`; None lets it choose one.
        rpc: Solana WebSocket URLs in place of the settings' (live only).
        recordings: Files and folders to replay (replay only).
        speed: Multiple of recorded time for a replay; None is as fast as possible.
        on_chain: The practice launchpad runs pump.fun's part of the practice market, in LiteSVM.
    """

    mode: Mode = "practice"
    data: Path | None = None
    seed: int | None = None
    rpc: Sequence[str] = ()
    recordings: Sequence[Path] = ()
    speed: float | None = None
    on_chain: bool = False

    def profile(self) -> Profile:
        """The profile these options name."""
        return Profile.of(self.mode, self.data)

    def check(self) -> None:
        """Raises `BadOptions`."""
        if self.rpc and self.mode != "live":
            raise BadOptions("--rpc goes with live mode only.")
        if self.seed is not None and self.mode != "practice":
            raise BadOptions("--seed goes with practice mode only.")
        if self.on_chain and self.mode != "practice":
            raise BadOptions("--on-chain goes with practice mode only.")
        if self.recordings and self.mode != "replay":
            raise BadOptions("Recordings are replayed in replay mode only.")
        for url in self.rpc:
            if not url.startswith(("ws://", "wss://")):
                raise BadOptions("An --rpc address begins with ws:// or wss://.")
        for path in self.recordings:
            if not _is_there(path):
                raise BadOptions(f"There is no file or folder {path}.")
        if self.data is not None and _is_there(self.data) and not self.data.is_dir():
            raise BadOptions(f"{self.data} is not a folder.")


def session_seed(seed: int, last_seq: int) -> int:
    """The seed of a practice session in a folder whose journal holds records up to `last_seq`.

    An empty folder gets the seed itself, so that `--seed N` tells the same story anywhere. A folder with a past gets
    another session, always the same one after the same past: told again, the first would be known already.
    """
    if last_seq == 0:
        return seed
    return int.from_bytes(blake2b(f"{seed} {last_seq}".encode(), digest_size=4).digest(), "big") >> 1


def _is_there(path: Path) -> bool:
    """Raises `BadOptions` for a name that no file can have, or a place that may not be looked into."""
    try:
        return path.exists()
    except OSError as error:
        raise BadOptions(f"{path!s:.200} cannot be used: {error.strerror or error}.") from None
