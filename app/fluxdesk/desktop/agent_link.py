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

from fluxdesk.client.agent import AgentChannel, AgentGone, AgentRefused, ended, secret_store, start
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
RESTART_S = 20.0
REMEMBERED = "keystore.fdk.device"
"""The half of a remembered key that is on the disk."""
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
        return written(self.id)


class SiteGrant(msgspec.Struct, frozen=True):
    """What a site was given on one family of chains."""

    accounts: list[str]
    chain: str


class HeldWallet(msgspec.Struct, frozen=True):
    """One wallet of words. `tried`: the user typed words of it, so the back-up exists; `words`: how many there are."""

    id: str
    label: str
    tried: bool
    words: int


class Contact(msgspec.Struct, frozen=True):
    """One entry of the address book. `account` is `evm:0x…` in lower case or `solana:…`."""

    account: str
    label: str
    note: str = ""

    @property
    def family(self) -> str:
        """`evm` or `solana`."""
        return self.account.partition(":")[0]

    @property
    def address(self) -> str:
        """As chains write it, EVM ones with their checksum."""
        return written(self.account)


class Alike(msgspec.Struct, frozen=True, array_like=True):
    """A known address that another one resembles. `label` is empty for those that were only sent to."""

    account: str
    label: str
    kind: Literal["contact", "own", "sent"]
    since: int = 0

    @property
    def address(self) -> str:
        """As chains write it."""
        return written(self.account)


class BadEntry(msgspec.Struct, frozen=True):
    """What the known-bad list says of an address."""

    account: str
    why: str = ""


class RecipientState(msgspec.Struct, frozen=True):
    """What the agent knows of an address, before anything is sent to it.

    Attributes:
        kind: `contact`, `own`, `sent` (signed for before, on any chain) or `new`.
        label: The contact's or the own account's.
        alike: Known addresses that it resembles without being one of them.
        bad: Its entry of the known-bad list, and `bad_date` the date of that list.
        known_for_ms: Since when this sender signs for it on this chain; None: never, or not asked.
    """

    account: str
    kind: Literal["contact", "own", "sent", "new"]
    label: str = ""
    alike: tuple[Alike, ...] = ()
    bad: BadEntry | None = None
    bad_date: str = ""
    known_for_ms: int | None = None


class KnownBadList(msgspec.Struct, frozen=True):
    """The known-bad list: date and source as it states them. `date` is empty where there is none."""

    date: str
    source: str
    count: int
    problem: str


class Found(msgspec.Struct, frozen=True):
    """One address that discovery is to look up."""

    index: int
    path: str
    account: str


class Device(msgspec.Struct, frozen=True):
    """Whether this device remembers the keystore. `store`: whether a secret store answers; None: not asked for."""

    remembered: bool
    key_ring: bool
    store: bool | None


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

    async def change_passphrase(self, old: bytearray, new: bytearray) -> None:
        """Seals the keystore anew. Takes about three key derivations; a remembered device forgets."""
        await self.ask(owner.ChangePassphrase(old=old, new=new))

    async def reveal(self, wallet: str, passphrase: bytearray, code: str | None) -> list[str]:
        """The words of a wallet, after passphrase and second factor."""
        body = await self.ask(owner.Reveal(wallet=wallet, passphrase=passphrase, code=code))
        return msgspec.convert(body["words"], bytes).decode().split()

    async def export(
        self,
        account: str,
        form: Literal["text", "file"],
        passphrase: bytearray,
        code: str | None,
        password: bytearray,
    ) -> bytearray:
        """A private key as text or as a file of its family; the caller wipes it."""
        command = owner.Export(account=account, format=form, passphrase=passphrase, code=code, password=password)
        return bytearray(msgspec.convert((await self.ask(command))["key"], bytes))

    async def import_file(
        self, form: Literal["evm", "solana", "keystore_v3"], text: bytearray, password: bytearray, label: str
    ) -> None:
        """A key as another program wrote it."""
        await self.ask(owner.ImportFile(format=form, text=text, password=password, label=label))

    async def totp_begin(self) -> str:
        """The text of the code that an authenticator reads; it counts from `totp_confirm` on."""
        body = await self.ask(owner.TotpBegin())
        return str(body["uri"])

    async def totp_confirm(self, code: str) -> None:
        """The authenticator has it."""
        await self.ask(owner.TotpConfirm(code=code))

    async def totp_off(self, passphrase: bytearray, code: str) -> None:
        """No second factor any more."""
        await self.ask(owner.TotpOff(passphrase=passphrase, code=code))

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

    async def wallets(self) -> list[HeldWallet]:
        """The wallets of words."""
        return msgspec.convert(await self.ask(owner.ListWallets()), list[HeldWallet])

    async def rename_wallet(self, wallet: str, label: str) -> None:
        """Another label."""
        await self.ask(owner.RenameWallet(wallet=wallet, label=label))

    async def rename_account(self, account: str, label: str) -> None:
        """Another label."""
        await self.ask(owner.RenameAccount(account=account, label=label))

    async def unwatch(self, account: str) -> None:
        """A watched account goes from the list."""
        await self.ask(owner.Unwatch(account=account))

    async def backed_up(self, wallet: str) -> None:
        """The user typed words of the wallet and knew them."""
        await self.ask(owner.BackedUp(wallet=wallet))

    async def discover(self, wallet: str, scheme: owner.SchemeName, first: int, count: int) -> list[Found]:
        """Addresses of a wallet to look up; nothing is added."""
        command = owner.Discover(wallet=wallet, scheme=scheme, first=first, count=count)
        return msgspec.convert(await self.ask(command), list[Found])

    async def add_discovered(self, wallet: str, scheme: owner.SchemeName, indexes: list[int]) -> list[Account]:
        """Accounts that were found in use; all accounts."""
        command = owner.AddDiscovered(wallet=wallet, scheme=scheme, indexes=indexes)
        return msgspec.convert(await self.ask(command), list[Account])

    async def contacts(self) -> list[Contact]:
        """The address book, by label."""
        found = msgspec.convert(await self.ask(owner.ListContacts()), list[Contact])
        return sorted(found, key=lambda c: (c.label.casefold(), c.account))

    async def add_contact(self, account: str, label: str, note: str = "") -> RecipientState:
        """An address (`evm:0x…`, checksum checked if mixed case, or `solana:…`) with a name; what is known of it.

        `AgentRefused` when address or name are in the book already.
        """
        answer = await self.ask(owner.AddContact(account=account, label=label, note=note))
        return msgspec.convert(answer, RecipientState)

    async def change_contact(self, account: str, label: str, note: str = "") -> None:
        """Another name or note."""
        await self.ask(owner.ChangeContact(account=account, label=label, note=note))

    async def remove_contact(self, account: str) -> None:
        """Out of the book."""
        await self.ask(owner.RemoveContact(account=account))

    async def check_recipient(
        self, account: str, sender: str | None = None, chain: str | None = None
    ) -> RecipientState:
        """What the agent knows of an address: contact, own, sent to before or new; look-alikes; the known-bad list."""
        command = owner.CheckRecipient(account=account, sender=sender, chain=chain)
        return msgspec.convert(await self.ask(command), RecipientState)

    async def known_bad(self) -> KnownBadList:
        """The known-bad list as it is on disk now."""
        return msgspec.convert(await self.ask(owner.KnownBadState()), KnownBadList)

    async def device(self) -> Device:
        """Whether this device remembers the keystore."""
        return msgspec.convert(await self.ask(owner.DeviceState()), Device)

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


def written(account: str) -> str:
    """The address of an account name as chains write it; EVM ones with their checksum."""
    from fluxdesk_host.keys.addresses import parse_evm_address, to_checksum

    plain = account.partition(":")[2]
    return to_checksum(parse_evm_address(plain)) if account.startswith("evm:") else plain


def grants_of(sites: Mapping[str, Mapping[str, SiteGrant]]) -> list[tuple[str, str, SiteGrant]]:
    """(origin, family, grant) of every grant, by origin."""
    return [(o, family, grant) for o, families in sorted(sites.items()) for family, grant in sorted(families.items())]
