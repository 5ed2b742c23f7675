"""The signing agent as the desktop sees it: started, supervised, asked. Nothing here blocks, and nothing here decides.

When the agent ends by itself that is said, it counts as locked, and it is started again with back-off. Secrets pass
through as buffers and are wiped when they have been sent; none is kept, logged or put into a signal.
"""

import asyncio
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from fluxdesk.client.agent import AgentChannel, AgentGone, AgentRefused, ended, start
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QObject, QTimer, Signal
from fluxdesk_host.agent import owner
from fluxdesk_host.agent.policy import Policy
from fluxdesk_host.protocol.messages import Sign

if TYPE_CHECKING:
    import subprocess

    from fluxdesk.client.agent import Ours

_C = "Agent"
BACKOFF_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
WELL_AFTER_S = 60.0
END_S = 3.0
Phase = Literal["off", "starting", "up", "stopped"]
Family = Literal["evm", "solana"]
__all__ = ["AgentGone", "AgentLink", "AgentRefused", "AgentState"]


class Account(msgspec.Struct, frozen=True):
    """One account. `wallet` is empty for imported and watched ones, `signs` False for the watched."""

    id: str
    label: str
    family: Family
    wallet: str
    path: str
    signs: bool

    @property
    def address(self) -> str:
        """The address as chains write it; EVM ones with their checksum, which guards against a mistyped letter."""
        plain = self.id.partition(":")[2]
        if self.family == "solana":
            return plain
        from fluxdesk_host.keys.addresses import parse_evm_address, to_checksum

        return to_checksum(parse_evm_address(plain))


class SiteGrant(msgspec.Struct, frozen=True):
    """What a site was given on one family of chains."""

    accounts: list[str]
    chain: str


class Connections(msgspec.Struct, frozen=True):
    """Paired browsers (key in hex -> name) and the sites with their grants by family."""

    browsers: dict[str, str]
    sites: dict[str, dict[str, SiteGrant]]


class ReplacedPolicy(msgspec.Struct, frozen=True):
    """A policy that goes on binding until what was loosened may count."""

    policy: Policy
    binds_for_ms: int


class PolicyState(msgspec.Struct, frozen=True):
    """The policies in force."""

    current: Policy
    replaced: list[ReplacedPolicy]
    held: list[str]
    stopped: bool
    resumes_in_ms: int | None
    state: str


class Audit(msgspec.Struct, frozen=True):
    """What reading the audit log from end to end found. `torn`: bytes of an unfinished record at its end."""

    records: int
    problems: list[str]
    torn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentState:
    """One moment of the agent.

    Attributes:
        phase: `off` where there is none (a recording), `starting`, `up`, `stopped` when it ended by itself.
        condition: What it last said of itself; None unless `up`.
        reason: Why it stopped, in words.
        retry_in_s: Seconds until it is started again; None when nobody will.
    """

    phase: Phase = "off"
    condition: owner.Condition | None = None
    reason: str = ""
    retry_in_s: float | None = None

    @property
    def unlocked(self) -> bool:
        """Whether it holds keys now."""
        return self.condition is not None and not self.condition.locked

    @property
    def has_wallet(self) -> bool:
        """Whether there is a keystore; False as well while nothing is known."""
        return self.condition is not None and self.condition.keystore

    @property
    def words(self) -> str:
        """For the status bar."""
        if self.condition is None:
            return {
                "off": "",
                "starting": tr(_C, "Agent starting"),
                "up": tr(_C, "Agent starting"),
                "stopped": tr(_C, "Agent stopped"),
            }[self.phase]
        if not self.condition.keystore:
            return tr(_C, "No wallet")
        if self.condition.locked:
            return tr(_C, "Agent locked")
        return tr(_C, "Emergency stop") if self.condition.stopped else tr(_C, "Agent unlocked")

    @property
    def warns(self) -> bool:
        """Whether the words ask for attention."""
        found = self.condition
        return self.phase == "stopped" or (found is not None and (found.stopped or found.audit == "damaged"))


@dataclass(frozen=True, slots=True)
class Request:
    """A request that waits, with the moment (monotonic, s) it runs out."""

    waits: owner.Waits
    expires: float

    @property
    def true(self) -> bool:
        """Whether the bytes shown are the ones an approval names, as far as all of them were sent."""
        whole = len(self.waits.raw) == self.waits.raw_length
        return not whole or hashlib.sha256(self.waits.raw).hexdigest() == self.waits.digest


class AgentLink(QObject):
    """The agent of one profile.

    Signals:
        changed: An `AgentState`.
        asked: A `Request` that came, after those that wait already.
        gone: Id of a request that waits no more, and why.
        compare: `owner.Codes` of a browser that wants to pair.
    """

    changed = Signal(object)
    asked = Signal(object)
    gone = Signal(str, str)
    compare = Signal(object)

    def __init__(
        self, data: Path, mode: Literal["practice", "live"], output: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.data, self.mode, self.output = data, mode, output
        self.state = AgentState()
        self.waiting: dict[str, Request] = {}
        self._signing: dict[str, asyncio.Future[str]] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: AgentChannel | None = None
        self._closing = False
        self._tries = 0
        self._began = 0.0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.start)

    # --- life ---

    @property
    def pid(self) -> int | None:
        """Process id of the running agent."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Starts it, unless it runs."""
        if self._process is not None or self._closing:
            return
        self._again.stop()
        self._tries += 1
        self._began = time.monotonic()
        self._become(AgentState(phase="starting"))
        try:
            self._process, ours = start(self.data, self.mode, self.output)
        except OSError as error:
            self._plan(tr(_C, "It could not be started: {why}.", why=error.strerror or error))
            return
        self._later(self._open(ours))

    async def _open(self, ours: "Ours") -> None:
        self._channel = AgentChannel(self._push, self._ended)
        try:
            await self._channel.open(ours)
        except OSError:
            ours.close()
            self._ended()

    async def close(self) -> None:
        """Ends it: the channel closes, so it locks, writes what is queued and goes."""
        self._closing = True
        self._again.stop()
        if self._channel is not None:
            self._channel.close()
        process, self._process = self._process, None
        if process is not None:
            await ended(process, END_S)
        self._forget_requests(tr(_C, "Fluxdesk ends."))

    def _ended(self) -> None:
        self._channel = None
        for answer in self._signing.values():
            if not answer.done():
                answer.set_exception(AgentGone(tr(_C, "The agent ended before it signed. Nothing was sent.")))
        self._forget_requests(tr(_C, "The agent ended."))
        if not self._closing:
            self._later(self._say_end())

    async def _say_end(self) -> None:
        process = self._process
        code = await ended(process, END_S) if process is not None else None
        self._process = None
        if time.monotonic() - self._began >= WELL_AFTER_S:
            self._tries = 0
        if not self._closing:
            self._plan(self._why(code))

    def _why(self, code: int | None) -> str:
        if code is not None and code < 0:
            return tr(_C, "It was ended by signal {n}.", n=-code)
        said = self._last_line()
        return said or tr(_C, "It ended with code {n}.", n=code)

    def _last_line(self) -> str:
        try:
            lines = self.output.read_text("utf-8", "replace")[-4096:].strip().splitlines()
        except OSError:
            return ""
        return lines[-1].removeprefix("fluxdesk agent: ")[:300] if lines and not lines[-1].startswith("ready") else ""

    def _plan(self, reason: str) -> None:
        wait = BACKOFF_S[self._tries - 1] if self._tries <= len(BACKOFF_S) else None
        if wait is not None:
            self._again.start(int(wait * 1000))
        self._become(AgentState(phase="stopped", reason=reason, retry_in_s=wait))

    def start_now(self) -> None:
        """Starts it without waiting for the back-off."""
        self._tries = 0
        self.start()

    # --- what it says ---

    def _push(self, reply: owner.Reply) -> None:
        if isinstance(reply, owner.Condition):
            if reply.locked:
                self._forget_requests(tr(_C, "Fluxdesk was locked."))
            self._become(AgentState(phase="up", condition=reply))
        elif isinstance(reply, owner.Waits):
            request = Request(reply, time.monotonic() + reply.expires_in_ms / 1000)
            self.waiting[reply.id] = request
            self.asked.emit(request)
        elif isinstance(reply, owner.Gone):
            self._forget(reply.id, reply.why)
        elif isinstance(reply, owner.Answered):
            self._answer(reply)
        elif isinstance(reply, owner.Codes):
            self.compare.emit(reply)

    def _become(self, state: AgentState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit(state)

    def _forget(self, identifier: str, why: str) -> None:
        if self.waiting.pop(identifier, None) is not None:
            self.gone.emit(identifier, why)

    def _answer(self, reply: owner.Answered) -> None:
        answer = self._signing.get(reply.id)
        if answer is None or answer.done():
            return
        if reply.code:
            answer.set_exception(AgentRefused(reply.code, reply.reason))
        else:
            answer.set_result(reply.result)

    def _forget_requests(self, why: str) -> None:
        for identifier in list(self.waiting):
            self._forget(identifier, why)

    # --- what it is asked ---

    async def ask(self, command: owner.Command) -> Any:
        """The body of its answer. Raises `AgentRefused` or `AgentGone`."""
        if self._channel is None:
            raise AgentGone(tr(_C, "The agent does not run. Nothing was changed."))
        try:
            return await self._channel.ask(command)
        except AgentGone:
            raise AgentGone(tr(_C, "The agent ended before it answered. It starts again, locked.")) from None

    def lock(self) -> None:
        """Forgets every key, now."""
        self._later(self._quietly(owner.Lock()))

    def touch(self) -> None:
        """The owner is there."""
        if self.state.unlocked:
            self._later(self._quietly(owner.Touch()))

    def admit_node(self, process: int | None) -> None:
        """Names the process that may ask as the node."""
        if process is not None and self.state.phase == "up":
            self._later(self._quietly(owner.AdmitNode(process=process)))

    async def _quietly(self, command: owner.Command) -> None:
        try:
            await self.ask(command)
        except (AgentRefused, AgentGone):
            return

    async def unlock(self, passphrase: bytearray) -> None:
        """Opens the keystore. Takes about a second."""
        await self.ask(owner.Unlock(passphrase=passphrase))

    async def create_wallet(self, passphrase: bytearray, words: Literal[12, 24], label: str) -> list[str]:
        """A new wallet; its words, which are not sent again unless they are revealed."""
        body = await self.ask(owner.CreateWallet(passphrase=passphrase, words=words, label=label))
        return msgspec.convert(body["words"], bytes).decode().split()

    async def restore(self, passphrase: bytearray, mnemonic: bytearray, extra: bytearray, label: str) -> None:
        """A wallet from its words."""
        await self.ask(owner.Restore(passphrase=passphrase, mnemonic=mnemonic, extra=extra, label=label))

    async def create_empty(self, passphrase: bytearray) -> None:
        """A keystore without a wallet."""
        await self.ask(owner.CreateEmpty(passphrase=passphrase))

    async def watch(self, account: str, label: str) -> None:
        """An account to look at, without a key."""
        await self.ask(owner.Watch(account=account, label=label))

    async def add_account(self, wallet: str, family: Family, label: str) -> list[Account]:
        """The next account of a wallet; all accounts."""
        return msgspec.convert(
            await self.ask(owner.AddAccount(wallet=wallet, family=family, label=label)), list[Account]
        )

    async def accounts(self) -> list[Account]:
        """All accounts with their labels."""
        return msgspec.convert(await self.ask(owner.ListAccounts()), list[Account])

    async def connections(self) -> Connections:
        """Paired browsers and connected sites."""
        return msgspec.convert(await self.ask(owner.Connections()), Connections)

    async def disconnect_site(self, origin: str) -> None:
        """Takes back all that a site was given."""
        await self.ask(owner.DisconnectSite(origin=origin))

    async def forget_browser(self, key: str) -> None:
        """A paired browser is a stranger again."""
        await self.ask(owner.ForgetBrowser(key=key))

    async def answer_pairing(self, session: int, same: bool) -> None:
        """What the owner saw when comparing the codes."""
        await self.ask(owner.PairAnswer(session=session, yes=same))

    async def policy(self) -> PolicyState:
        """The policies in force."""
        return msgspec.convert(await self.ask(owner.GetPolicy()), PolicyState)

    async def set_policy(self, policy: Policy) -> None:
        """Tightens at once, loosens after the delay."""
        await self.ask(owner.SetPolicy(policy=policy))

    async def stop_all(self) -> None:
        """Emergency stop."""
        await self.ask(owner.Stop())

    async def resume(self) -> None:
        """Ends the stop after the delay."""
        await self.ask(owner.Resume())

    async def verify_log(self) -> Audit:
        """Reads the audit log from end to end."""
        return msgspec.convert(await self.ask(owner.AuditVerify()), Audit)

    async def sign(self, request: Sign) -> str:
        """The answer to a request of this window's own, once it is approved: as `agent.signer.sign` gives it.

        Raises `AgentRefused`, also when it is rejected, runs out or dies with a lock, and `AgentGone`. Cancelled, it
        takes the request back.
        """
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._signing[request.id] = answer
        try:
            await self.ask(owner.Ask(request=request))
            return await answer
        except asyncio.CancelledError:
            self._later(self._quietly(owner.Reject(id=request.id)))
            self._forget(request.id, tr(_C, "It was taken back."))
            raise
        finally:
            self._signing.pop(request.id, None)

    async def approve(self, request: Request, code: str | None = None) -> None:
        """Approves exactly the bytes that were shown. `AgentRefused`, also for a wrong code: then it waits on."""
        waits = request.waits
        try:
            await self.ask(owner.Approve(id=waits.id, digest=waits.digest, code=code))
        except AgentRefused as no:
            if not waits.second_factor:  # it was used up all the same, and nothing else says so
                self._forget(waits.id, str(no))
            raise
        self._forget(waits.id, "")

    async def reject(self, request: Request) -> None:
        """Refuses a request; one that is gone already is no error."""
        try:
            await self.ask(owner.Reject(id=request.waits.id))
        except AgentRefused:
            pass
        self._forget(request.waits.id, "")

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def grants_of(sites: Mapping[str, Mapping[str, SiteGrant]]) -> list[tuple[str, str, SiteGrant]]:
    """(origin, family, grant) of every grant, by origin."""
    return [(o, family, grant) for o, families in sorted(sites.items()) for family, grant in sorted(families.items())]
