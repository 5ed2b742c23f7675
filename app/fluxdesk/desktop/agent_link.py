"""The signing agent as the desktop sees it: started, supervised, asked. Nothing here blocks, and nothing here decides.

When the agent ends by itself that is said, it counts as locked, and it is started again with back-off. Secrets pass
through as buffers and are wiped when they have been sent; none is kept, logged or put into a signal.
"""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fluxdesk.client.agent import AgentChannel, AgentGone, AgentRefused, ended, secret_store, start
from fluxdesk.desktop.agent_calls import AgentCalls
from fluxdesk.desktop.agent_facts import AgentState, Request
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QObject, QTimer, Signal
from fluxdesk_host.agent import owner
from fluxdesk_host.protocol.messages import Sign

if TYPE_CHECKING:
    import subprocess

    from fluxdesk.client.agent import Ours

_C = "Agent"
BACKOFF_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
WELL_AFTER_S = 60.0
END_S = 3.0
RESTART_S = 20.0
REMEMBERED = "keystore.fdk.device"
"""The half of a remembered key that is on the disk."""
__all__ = ["AgentGone", "AgentLink", "AgentRefused", "AgentState"]


class AgentLink(AgentCalls):
    """The agent of one profile.

    Signals:
        changed: An `AgentState`.
        asked: A `Request` that came, after those that wait already.
        gone: Id of a request that waits no more, and why.
        compare: `owner.Codes` of a browser that wants to pair.
        progressed: Bytes of how many of the audit log are read, while it is being checked.
    """

    changed = Signal(object)
    asked = Signal(object)
    gone = Signal(str, str)
    compare = Signal(object)
    progressed = Signal(float, float)

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
        self._key_ring = False
        self._began = 0.0
        self.kdf_s = 1.0
        """How long the key derivation took last, to say how long it will take."""
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
            self._key_ring = self._key_ring or self.remembered
            self._process, ours = start(self.data, self.mode, self.output, self._key_ring)
        except OSError as error:
            self._plan(tr(_C, "It could not be started: {why}.", why=error.strerror or error))
            return
        self._later(self._open(ours))

    async def _open(self, ours: "Ours") -> None:
        channel = AgentChannel(self._push, lambda: self._channel_ended(channel))
        self._channel = channel
        try:
            await channel.open(ours)
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

    def _channel_ended(self, channel: AgentChannel) -> None:
        if channel is self._channel:  # another one is there already after a restart
            self._ended()

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

    @property
    def remembered(self) -> bool:
        """Whether this device remembers the keystore, as far as its own half tells."""
        return (self.data / REMEMBERED).exists()

    async def _restart(self, key_ring: bool) -> None:
        """Ends the agent and starts it anew, locked. Raises `AgentGone`."""
        process, self._process = self._process, None
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()
        if process is not None:
            await ended(process, END_S)
        self._forget_requests(tr(_C, "The agent starts anew."))
        self._key_ring, self._tries = key_ring, 0
        self.start()
        for _ in range(round(RESTART_S / 0.02)):
            if self.state.phase != "starting":
                break
            await asyncio.sleep(0.02)
        if self.state.phase != "up":
            raise AgentGone(tr(_C, "The agent did not start again. The wallet is locked and was not changed."))

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
        elif isinstance(reply, owner.Progress):
            self.progressed.emit(reply.done, reply.whole)
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
        began = time.monotonic()
        await self.ask(owner.Unlock(passphrase=passphrase))
        self.kdf_s = time.monotonic() - began

    async def unlock_remembered(self) -> None:
        """Opens the keystore with what this device remembers."""
        await self.ask(owner.UnlockRemembered())

    async def remember(self, passphrase: bytearray) -> None:
        """From now on this device opens the keystore without its passphrase; what leaves still needs it.

        An agent that may not reach the secret store is started anew for it, and unlocked again. Raises `AgentRefused`,
        also where there is no secret store, and `AgentGone`.
        """
        try:
            if not self._key_ring:
                await self.ask(owner.CheckPassphrase(passphrase=bytearray(passphrase)))
                if not await secret_store():
                    why = tr(_C, "This desktop has no secret store that answers (Secret Service, KWallet, Keychain).")
                    no = tr(_C, "Nothing was remembered: the passphrase is asked for each time.")
                    raise AgentRefused("unsupported", f"{why} {no}")
                await self._restart(key_ring=True)
                await self.unlock(bytearray(passphrase))
            await self.ask(owner.Remember(passphrase=bytearray(passphrase)))
        finally:
            passphrase[:] = bytes(len(passphrase))

    async def forget_device(self) -> None:
        """It does not any more."""
        await self.ask(owner.ForgetDevice())

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

    async def approve(self, request: Request, code: str | None = None, accounts: tuple[str, ...] = ()) -> None:
        """Approves exactly the bytes that were shown. `AgentRefused`, also for a wrong code: then it waits on.

        `accounts`: those that a site which connects is given; empty lets the agent choose one.
        """
        waits = request.waits
        try:
            await self.ask(owner.Approve(id=waits.id, digest=waits.digest, code=code, accounts=accounts))
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
