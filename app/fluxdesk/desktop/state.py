"""What the desktop knows about its node, as data the screens can put into words. Pure."""

from dataclasses import dataclass
from typing import Literal

Phase = Literal["starting", "reading", "up", "silent", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    """One moment of the node as the desktop sees it.

    Attributes:
        phase: `starting` before it answers, `reading` until the first launches came, `up`, `silent` when nothing was
            heard for 6 s though the process lives, `stopped` when it ended.
        since_s: Wall clock, Unix seconds, at which the phase began.
        reason: Why it stopped, in words; empty when not known.
        last_slot: Last slot it told of, for what was kept.
        retry_in_s: Seconds until it is started again by itself; None when nobody will.
        tries: Starts since it last ran well.
        done, total: Progress of reading, when the node says it.
    """

    phase: Phase
    since_s: float
    reason: str = ""
    last_slot: int | None = None
    retry_in_s: float | None = None
    tries: int = 0
    done: int | None = None
    total: int | None = None

    @property
    def live(self) -> bool:
        """Whether what is on the screen is current."""
        return self.phase == "up"
