"""Which policies hold now: the newest, and every one it replaced for as long as loosening has to wait.

All of them hold at the same time and the strictest decides. So what a change tightens binds at once, what it loosens
waits, and neither needs to be told apart. Time is the agent's (`clocks.py`): it goes on across restarts and is not
moved by a clock that is set. The state is sealed with a key of the wallet; the file alone cannot loosen anything.
"""

import contextlib
import hashlib
import hmac
import os
from pathlib import Path

import msgspec

from fluxdesk_host.agent.policy import Asked, Decision, Policy, Sight, Verdict, decide, strictest


class PolicyDamaged(Exception):
    """The policy file is not the one that was last set. Nothing is signed until a policy is set anew."""

    def __init__(self) -> None:
        super().__init__(
            "The policy on disk is not the one that was last set. Nothing is signed until you set a policy in the "
            "Fluxdesk window. The file was left as it is."
        )


class Replaced(msgspec.Struct, frozen=True):
    """A policy that still binds until a moment of agent time."""

    policy: Policy
    until: int


class Standing(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The state of all policies. Immutable: each change gives a new one."""

    current: Policy = Policy()
    replaced: tuple[Replaced, ...] = ()
    chosen: bool = False
    """Whether a policy was ever set; the first one has nothing to wait for."""
    stopped: bool = False
    resumes: int | None = None
    held: tuple[str, ...] = ()
    ask_until: int = 0

    def in_force(self, now: int) -> list[Policy]:
        """All that hold, the newest first."""
        return [self.current, *(r.policy for r in self.replaced if now < r.until)]

    def changed(self, policy: Policy, now: int) -> "Standing":
        """A new policy is set. Its limits hold at once; those it replaces hold on for their own delay."""
        if not self.chosen:
            return msgspec.structs.replace(self, current=policy, chosen=True)
        until = now + self.delay_ms(now)
        kept = tuple(r for r in self.replaced if now < r.until)
        return msgspec.structs.replace(self, current=policy, replaced=(*kept, Replaced(self.current, until)))

    def stop(self) -> "Standing":
        """Emergency stop: nothing is signed, from now on."""
        return msgspec.structs.replace(self, stopped=True, resumes=None)

    def resume(self, now: int) -> "Standing":
        """Ends the stop, after the delay of every loosening."""
        return self if not self.is_stopped(now) else msgspec.structs.replace(self, resumes=now + self.delay_ms(now))

    def hold(self, allowance: str) -> "Standing":
        """An allowance lets nothing through until the owner releases it."""
        return self if allowance in self.held else msgspec.structs.replace(self, held=(*self.held, allowance))

    def release(self, allowance: str) -> "Standing":
        """The owner looked at what was held."""
        return msgspec.structs.replace(self, held=tuple(h for h in self.held if h != allowance))

    def ask_for_a_day(self, now: int) -> "Standing":
        """After the day's sums were lost: no allowance holds until they would have run out."""
        return msgspec.structs.replace(self, ask_until=max(self.ask_until, now + 86_400_000))

    def is_stopped(self, now: int) -> bool:
        """Whether the emergency stop holds."""
        return self.stopped and (self.resumes is None or now < self.resumes)

    def delay_ms(self, now: int) -> int:
        """How long a loosening waits now: the longest of the policies in force."""
        return max(p.loosen_delay_s for p in self.in_force(now)) * 1000

    def approval_ms(self, now: int) -> int:
        """How long a request waits for its approval."""
        return min(p.approval_s for p in self.in_force(now)) * 1000

    def idle_lock_ms(self, now: int) -> int | None:
        """After how long without its owner the agent locks; None: never."""
        return min((p.idle_lock_s * 1000 for p in self.in_force(now) if p.idle_lock_s is not None), default=None)

    def requests_per_second(self, now: int) -> int:
        """How fast one origin may ask."""
        return min(p.requests_per_second for p in self.in_force(now))

    def trusts_any_node(self, now: int) -> bool:
        """Whether who greets as the node is the node."""
        return all(p.trust_any_node for p in self.in_force(now))

    def decide(self, asked: Asked, sight: Sight) -> Decision:
        """The decision of all policies in force together."""
        now = sight.now
        if self.is_stopped(now):
            return Decision(Verdict.REFUSE, reasons=("The emergency stop is on.",))
        sight = sight._replace(held=sight.held | set(self.held))
        found = strictest([decide(p, asked, sight) for p in self.in_force(now)])
        if now < self.ask_until and found.verdict is Verdict.ALLOW:
            return found._replace(
                verdict=Verdict.ASK, reasons=("The day's sums were lost; everything asks for a day.",)
            )
        return found


class _Sealed(msgspec.Struct):
    standing: msgspec.Raw
    seal: str


def pack(standing: Standing, key: bytes) -> tuple[bytes, str]:
    """The file's content, and the sha256 of the state that the audit log is to name."""
    body = msgspec.json.encode(standing)
    return msgspec.json.encode(_Sealed(msgspec.Raw(body), _seal(body, key))), hashlib.sha256(body).hexdigest()


def _seal(body: bytes, key: bytes) -> str:
    return hmac.digest(key, b"fluxdesk policy 1" + body, "sha256").hex()


def write(path: Path, content: bytes) -> None:
    """Puts a new state beside the one in force; `settle` makes it that one. Raises `OSError`."""
    descriptor = os.open(_new(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def settle(path: Path) -> None:
    """Once the audit log names the new state: it takes the place of the old one. Raises `OSError`."""
    _new(path).replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def load(path: Path, key: bytes, digest: str | None) -> Standing:
    """The state whose sha256 the audit log named last; empty: none was ever named; None: there is no log to ask, and
    the seal alone has to do. Raises `PolicyDamaged`.
    """
    if digest == "" or (digest is None and not path.exists()):
        return Standing()
    for place in (path, _new(path)):
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            sealed = msgspec.json.decode(place.read_bytes(), type=_Sealed)
            body = bytes(sealed.standing)
            fits = hmac.compare_digest(sealed.seal.encode(), _seal(body, key).encode())
            if fits and digest in {None, hashlib.sha256(body).hexdigest()}:
                if place != path:
                    settle(path)
                return msgspec.json.decode(body, type=Standing)
    raise PolicyDamaged


def _new(path: Path) -> Path:
    return path.with_suffix(".next")
