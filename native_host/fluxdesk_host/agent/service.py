"""The agent itself: decides and signs. One event loop, no other thread touches its state.

What arrives on the request socket is in `guests.py`, what the owner says in `desk.py`; both end here. Signing fails
closed: locked, stopped, damaged or not recorded means no signature.
"""

import asyncio
import contextlib
import hashlib
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Final, Literal, Protocol

import msgspec

from fluxdesk_host.agent import owner, processes, signer
from fluxdesk_host.agent.approvals import Approvals, NotApproved, Pending
from fluxdesk_host.agent.audit import AuditDamaged, AuditLog, Entry, Spend, set_aside
from fluxdesk_host.agent.browsers import Browsers
from fluxdesk_host.agent.clocks import AgentTime, Clocks, SleepWatch
from fluxdesk_host.agent.deployments import FILE as DEPLOYMENTS
from fluxdesk_host.agent.deployments import Deployments
from fluxdesk_host.agent.known_bad import FILE, KnownBad
from fluxdesk_host.agent.limits import Ledger, Price, canonical, spends_of, worth
from fluxdesk_host.agent.policy import Asked, Decision, Policy, Sight, Verdict
from fluxdesk_host.agent.rate import Rates
from fluxdesk_host.agent.recipients import Recipients
from fluxdesk_host.agent.standing import PolicyDamaged, Standing, load, pack, settle, write
from fluxdesk_host.agent.totp import MissedCode, SecondFactor, WrongCode
from fluxdesk_host.agent.vault import NoSuchAccount, Vault
from fluxdesk_host.keys.lookalike import Known
from fluxdesk_host.protocol import messages
from fluxdesk_host.signing.reading import Reading

log = logging.getLogger(__name__)
MINUTE_MS: Final = 60_000
ALL: Final = ""
"""Stands for every origin together: names can be made up without end."""
MOST_A_SECOND: Final = 10
"""Refusals that are recorded and requests that are laid before the owner, of all origins together."""
Mode = Literal["practice", "live"]


class Peer(Protocol):
    """Who asked, as far as signing is concerned."""

    number: int

    def proves(self, origin: str) -> bool:
        """Whether this connection may speak for the origin."""

    def answer(self, message: messages.FromAgent) -> None:
        """Sends, if the other end is still there."""

    def owe(self) -> None:
        """An answer follows."""

    def paid(self) -> None:
        """It was given."""


class Agent:
    """The state of one agent. `start` first."""

    def __init__(
        self, data: Path, clocks: Clocks, mode: Mode = "live", headless: bool = False, key_ring: bool = False
    ) -> None:
        self.data, self.mode, self.headless, self.key_ring = data, mode, headless, key_ring
        self.clocks = clocks
        self.time = AgentTime(clocks)
        self.browsers = Browsers(data / "browsers.json")
        self.approvals = Approvals()
        self.ledger = Ledger()
        self.recipients = Recipients(self.ledger, KnownBad(data / FILE))
        self.deployments = Deployments(data / DEPLOYMENTS)
        self.second_factor = SecondFactor()
        self.prices: dict[tuple[str, str], Price] = {}
        self.node: processes.Process | None = None
        self.vault: Vault | None = None
        self.standing = Standing()
        self.policy_state: Literal["whole", "damaged", "unknown"] = "unknown"
        self.audit: AuditLog | None = None
        self.generation = 0
        """Grows with every lock and stop; what was begun before is not finished after."""
        self.selected: dict[str, str] = {}
        self.said: Callable[[owner.Reply], None] | None = None
        """To the owner; None: there is none."""
        self.changed: Callable[[], None] = lambda: None
        self._waiting_peers: dict[str, Peer] = {}
        self._policy_digest = ""
        self._marks: dict[str, None] = {}
        """Generations of the keystore that the log names, the present one last. A save is named by the next note."""
        self.earlier_keystore = False
        """An earlier generation of the keystore was put in the place of the present one, and is open."""
        self._rates = Rates()
        self._refusals = Rates()
        self._asks = Rates()
        self._lately: dict[str, deque[int]] = {}
        self._sleep = SleepWatch(clocks)
        self._touched = self.time.now()
        self._policy_turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    # ---- life

    @property
    def keystore(self) -> Path:
        """The wallet's file."""
        return self.data / "keystore.fdk"

    @property
    def audit_path(self) -> Path:
        """The audit log."""
        return self.data / "audit.log"

    @property
    def policy_path(self) -> Path:
        """The sealed policies."""
        return self.data / "policy.json"

    def start(self) -> None:
        """Opens the audit log. A damaged one is left alone, and nothing is signed. Raises `OSError`."""
        self.ledger, self._policy_digest = Ledger(), ""
        self.recipients.set_ledger(self.ledger)
        self.refresh_bad()
        audit = AuditLog(self.audit_path, self.time.stamp)
        try:
            audit.open(self._replay)
        except AuditDamaged as damaged:
            log.error("%s", damaged)
            self.audit = None
            return
        self.audit = audit
        if audit.torn:
            log.warning("%d bytes of an unfinished audit record were set aside; nothing had left on it", audit.torn)
        self.note("started", note=f"{audit.torn} bytes set aside" if audit.torn else "")

    async def stop(self) -> None:
        """Locks, and writes what is queued."""
        self.lock("the agent ends")
        for task in list(self._tasks):
            with contextlib.suppress(Exception):
                await task
        if self.audit is not None:
            await self.audit.close()

    async def begin_new_log(self) -> Path:
        """Sets a damaged log aside. For a day nothing goes without asking, as its sums are lost.

        Raises `NotApproved`, `OSError` or `AuditFailed`.
        """
        if self.audit is not None or self.vault is None:
            raise NotApproved("failed", "The audit log is whole, or Fluxdesk is locked. Nothing was changed.")
        kept = set_aside(self.audit_path)
        self.start()
        if self.audit is not None:
            self.audit.unseal(self.vault.seal)
        self.note("log set aside", note=kept.name)
        await self.change(lambda s: s.ask_for_a_day(self.time.now()), "log set aside", at_once=True)
        return kept

    def _replay(self, entry: Entry) -> None:
        if entry.at is not None:
            self.time.go_on_from(entry.at)
        if entry.event == "signed" and entry.at is not None:
            self.ledger.add(entry.at.agent, entry.account, entry.origin, entry.chain, entry.spends)
        elif entry.event == "policy":
            self._policy_digest = entry.result
        elif entry.event == _USED and entry.at is not None and _STEP.fullmatch(entry.result):
            self.second_factor.was_used(int(entry.result), entry.at.agent)
        elif entry.event == _MISSED and entry.at is not None:
            self.second_factor.was_missed(entry.at.agent)
        if entry.keystore:
            self._keep_mark(entry.keystore)

    def _keep_mark(self, mark: str) -> None:
        self._marks.pop(mark, None)
        self._marks[mark] = None

    def _new_mark(self, vault: Vault) -> dict[str, str]:
        """What a record is to say of the keystore: its generation, unless the log has it as the present one."""
        if self.audit is None or vault.mark == next(reversed(self._marks), ""):
            return {}
        self._keep_mark(vault.mark)
        return {"keystore": vault.mark}

    def note(self, event: str, **fields: str) -> "asyncio.Future[None] | None":
        """An audit record that nothing waits for, unless the caller does. It names a new generation of the keystore."""
        if self.audit is not None and self.vault is not None:
            fields |= self._new_mark(self.vault)
        return None if self.audit is None else self.audit.append(Entry(event=event, **fields))  # type: ignore[arg-type]

    async def recorded(self, event: str, **fields: str) -> None:
        """An audit record, on disk. Raises `AuditFailed`, or `NotApproved` where there is no log."""
        done = self.note(event, **fields)
        if done is None:
            raise NotApproved("failed", _NO_LOG)
        await done

    # ---- lock and unlock

    async def opened(self, vault: Vault, generation: int) -> None:
        """Takes an unlocked vault, unless the agent was locked meanwhile. Raises `NotApproved` or `AuditDamaged`."""
        if generation != self.generation:
            vault.close()
            raise NotApproved("locked", "Fluxdesk was locked while it was being unlocked.")
        try:
            if self.audit is not None:
                await self.audit.flush()
                self.audit.unseal(vault.seal)
        except AuditDamaged:
            await self.audit_is_damaged()
        if generation != self.generation:
            vault.close()
            raise NotApproved("locked", "Fluxdesk was locked while it was being unlocked.")
        self.vault = vault
        self.know()
        self.touch()
        try:
            digest = self._policy_digest if self.audit is not None else None
            self.standing = load(self.policy_path, vault.seal, digest)
            if vault.contents.settled and not self.standing.chosen:
                raise PolicyDamaged  # there was one, and with the log its name is gone
            self.policy_state = "whole"
        except PolicyDamaged as damaged:
            log.error("%s", damaged)
            self.standing, self.policy_state = Standing().ask_for_a_day(self.time.now()), "damaged"
        self.earlier_keystore = vault.mark in list(self._marks)[:-1]
        if self.earlier_keystore:
            log.warning("the keystore that was opened is an earlier generation of it")
            self.note("earlier keystore", note="an earlier generation of the keystore was put back and opened")
        self.note("unlocked")
        self.announce()

    async def audit_is_damaged(self) -> None:
        """Closes the log for good; nothing is signed on it."""
        if self.audit is not None:
            await self.audit.close()
            self.audit = None

    def lock(self, why: str) -> None:
        """Forgets every key and lets everything that waits die. At once, and always."""
        self.generation += 1
        self.drop_all("locked", "Fluxdesk was locked.")
        if self.vault is None:
            return
        vault, self.vault = self.vault, None
        mark = self._new_mark(vault)
        vault.close()
        self.know()
        self.policy_state, self.earlier_keystore = "unknown", False
        done = self.note("locked", note=why, **mark)
        if done is not None:
            generation = self.generation
            done.add_done_callback(lambda _: self._forget_seal(generation))
        self.announce()

    def _forget_seal(self, generation: int) -> None:
        if self.audit is not None and generation == self.generation and self.vault is None:
            self.audit.forget_seal()

    def know(self) -> None:
        """Book or accounts changed, or were locked away: what addresses are compared with."""
        vault = self.vault
        if vault is None:
            self.recipients.set_own(())
            return
        book = [Known(name, contact.label, "contact") for name, contact in vault.contents.contacts.items()]
        self.recipients.set_own([*book, *(Known(a.id, a.label, "own") for a in vault.accounts.values())])

    def refresh_bad(self) -> None:
        """Looks whether the known-bad list is another one by now."""
        if self.recipients.bad.refresh():
            self.recipients.forget_verdicts()

    def admit(self, process: int) -> None:
        """The process that is the node from now on; there is one, and when it ends there is none."""
        self.node = processes.process(process)

    def touch(self) -> None:
        """The owner did something."""
        self._touched = self.time.now()

    def tick(self) -> None:
        """Once a second: sleep, idleness, requests that ran out."""
        now = self.time.now()
        self.refresh_bad()
        slept = self._sleep.slept()
        if self.vault is not None:
            idle = self.standing.idle_lock_ms(now)
            if slept:
                self.lock("the machine slept")
            elif idle is not None and not self.headless and now - self._touched >= idle:
                self.lock("idle")
        for pending in self.approvals.expired(now):
            self._gone(pending, "user_rejected", "The request ran out before it was answered.")

    def drop_all(self, code: str, why: str) -> None:
        """Everything that waits dies."""
        for pending in self.approvals.clear():
            self._gone(pending, code, why)

    def drop(self, gone: list[Pending], code: str, why: str) -> None:
        """These die."""
        for pending in gone:
            self._gone(pending, code, why)

    def _gone(self, pending: Pending, code: str, why: str) -> None:
        self.note("died", id=pending.id, origin=pending.origin, digest=pending.digest, reason=why)
        self.answer_pending(pending, messages.Refused(code, why, pending.id))
        if self.said is not None:
            self.said(owner.Gone(pending.id, why))

    # ---- requests

    def ask(self, peer: Peer, given: messages.Sign) -> None:
        """One request to sign: signed at once, laid before the owner, or refused with an answer."""
        family, _, address = given.account.partition(":")
        request = msgspec.structs.replace(given, account=f"{family}:{canonical(address)}")
        body = messages.encode(request)
        try:
            self._ask(peer, request, body)
        except NotApproved as no:
            self.refuse(peer, request.id, request.origin, no.code, str(no), hashlib.sha256(body).hexdigest())

    def _ask(self, peer: Peer, request: messages.Sign, body: bytes) -> None:
        now = self.time.now()
        self.limit_rate(request.origin, now)
        self.approvals.check_new(request.id)
        vault = self._ready()
        account = vault.accounts.get(request.account)
        family = signer.family_of(request)
        if account is None or not account.signs or not self._granted(vault, request, family):
            raise NotApproved("unauthorized", "This origin has not been given this account.")
        reading = self.recipients.warn(
            signer.read(request, self.deployments.registry()), request.account, request.chain
        )
        asked = self._asked(peer, request, reading)
        decision = self.standing.decide(asked, self._sight(request.origin, now))
        if decision.hold:
            self._hold(decision.hold)
        if decision.verdict is Verdict.REFUSE:
            raise NotApproved("policy", " ".join(decision.reasons))
        if decision.verdict is Verdict.ALLOW:
            self._lately.setdefault(request.origin, deque()).append(now)
            self._sign(peer, request, body, asked.spends, f"allowance {decision.allowance}")
            return
        reading = self.recipients.first(reading, request.account, request.chain)
        self.lay_before_owner(peer, request, body, reading, decision)

    def limit_rate(self, origin: str, now: int) -> None:
        """Raises `NotApproved` when the origin asks too often."""
        if not self._rates.allow(origin, now, self.standing.requests_per_second(now)):
            raise NotApproved("too_many", "This origin asks too often.")

    def lay_before_owner(
        self,
        peer: Peer,
        request: messages.Sign | messages.Connect | messages.Propose,
        body: bytes,
        reading: Reading | None,
        decision: Decision,
    ) -> None:
        """A request waits for the owner, who is told of it once its record is on disk. Raises `NotApproved`."""
        if self.said is None:
            why = " ".join(decision.reasons)
            raise NotApproved("policy", f"The policy does not name it, and there is nobody to ask. {why}")
        if self.audit is None:
            raise NotApproved("failed", _NO_LOG)
        now = self.time.now()
        if not self._asks.allow(ALL, now, MOST_A_SECOND):
            raise NotApproved("too_many", "Too many requests come at once.")
        expires = now + self.standing.approval_ms(now)
        if isinstance(request, messages.Sign):
            account, chain, kind = request.account, request.chain, str(request.kind)
        elif isinstance(request, messages.Propose):
            account, chain, kind = "", "", str(request.kind)
        else:
            account, chain, kind = "", "", f"connect {request.family}"
        pending = Pending(
            request.id, body, request.origin, account, chain, kind, reading, decision, expires, peer.number
        )
        self.approvals.add(pending)
        self._waiting_peers[request.id] = peer
        peer.owe()
        done = self.audit.append(
            Entry(
                event="asked", id=request.id, origin=request.origin, account=account, chain=chain, kind=kind,
                digest=pending.digest, reason=" ".join(decision.reasons),
            )
        )  # fmt: skip
        done.add_done_callback(partial(self._show, pending))

    def _show(self, pending: Pending, done: "asyncio.Future[None]") -> None:
        if done.exception() is not None:
            with contextlib.suppress(NotApproved):
                self.approvals.reject(pending.id)
                self.answer_pending(pending, messages.Refused("failed", str(done.exception()), pending.id))
            return
        if self.said is not None and self.approvals.peek(pending.id) is pending:
            self.said(self.shown(pending))
            self.changed()

    def shown(self, pending: Pending) -> owner.Waits:
        """A request as the owner is to see it."""
        peer = self._waiting_peers.get(pending.id)
        return owner.Waits(
            pending.id,
            pending.digest,
            pending.origin,
            pending.account,
            pending.chain,
            pending.kind,
            pending.reading,
            pending.decision.reasons,
            pending.decision.second_factor,
            max(0, pending.expires - self.time.now()),
            pending.body[: owner.RAW_SHOWN],
            len(pending.body),
            peer is not None and peer.proves(pending.origin),
        )

    def approve(self, identifier: str, digest: str, code: str | None) -> Pending:
        """The owner approves. Decided anew, as limits may be used up by now. Raises `NotApproved` or `WrongCode`."""
        now = self.time.now()
        pending = self.approvals.peek(identifier)
        if pending is None or pending.kind not in _SIGNED_KINDS:
            return self.approvals.take(identifier, digest, now)
        vault = self._ready()
        request = msgspec.json.decode(pending.body, type=messages.Sign)
        peer = self._waiting_peers.get(identifier)
        if peer is None or pending.reading is None:
            raise NotApproved("closed", "Who asked is gone.")
        asked = self._asked(peer, request, pending.reading)
        decision = self.standing.decide(asked, self._sight(request.origin, now))
        if decision.second_factor or pending.decision.second_factor:
            if pending.digest != digest:  # a code is not used up by an approval that cannot be
                raise NotApproved(
                    "malformed", "The approval is for other bytes than those that wait. Nothing was signed."
                )
            self.check_code(vault, code)
        taken = self.approvals.take(identifier, digest, now)
        self._waiting_peers.pop(identifier, None)
        peer.paid()
        try:
            if decision.verdict is Verdict.REFUSE:
                raise NotApproved("policy", " ".join(decision.reasons))
            again = self.recipients.warn(pending.reading, request.account, request.chain)
            if set(again.reasons) != set(pending.reading.reasons):
                why = "More of an address in it is known by now than was shown. Nothing was signed. Have it asked anew."
                raise NotApproved("policy", why)
            self._sign(peer, request, taken.body, asked.spends, "owner")
        except NotApproved as no:
            self.refuse(peer, request.id, request.origin, no.code, str(no), digest)
            raise
        finally:
            self.changed()
        return taken

    def check_code(self, vault: Vault, code: str | None) -> None:
        """The second factor. Raises `WrongCode`, also where none was set up."""
        if vault.contents.totp is None:
            raise WrongCode("The policy asks for a second factor here, and none is set up. Nothing was done.")
        if code is None:
            raise WrongCode("A code of the second factor is needed.")
        self.use_code(vault.contents.totp, code)

    def use_code(self, secret: bytearray, code: str) -> None:
        """Checks and uses up a code, or counts a guess; the log has either. Raises `WrongCode`."""
        try:
            step = self.second_factor.check(secret, code, self.clocks.wall(), self.time.now())
        except MissedCode:
            self.note(_MISSED)
            raise
        self.note(_USED, result=str(step))

    def answer_pending(self, pending: Pending, message: messages.FromAgent) -> None:
        """The one answer to a request that waited."""
        peer = self._waiting_peers.pop(pending.id, None)
        if peer is not None:
            peer.answer(message)
            peer.paid()
        self.changed()

    def refuse(self, peer: Peer, identifier: str, origin: str, code: str, why: str, digest: str = "") -> None:
        """Answers no. Each refusal is recorded, those of an origin that only floods once in a while."""
        now = self.time.now()
        if self._refusals.allow(origin, now, 1) and self._refusals.allow(ALL, now, MOST_A_SECOND):
            self.note("refused", id=identifier, origin=origin, decision=code, reason=why, digest=digest)
        peer.answer(messages.Refused(code, why[:400], identifier))

    # ---- signing

    def _ready(self) -> Vault:
        if self.vault is None:
            raise NotApproved("locked", "Fluxdesk is locked.")
        if self.audit is None:
            raise NotApproved("failed", _NO_LOG)
        if self.policy_state != "whole":
            raise NotApproved("failed", str(PolicyDamaged()))
        return self.vault

    def _granted(self, vault: Vault, request: messages.Sign, family: str) -> bool:
        if request.origin.startswith("node:"):
            return True  # the policy names what the node may have signed
        grant = vault.contents.grants.get(request.origin, {}).get("evm" if family == "evm" else "solana")
        return grant is not None and request.account in grant.accounts

    def _asked(self, peer: Peer, request: messages.Sign, reading: Reading) -> Asked:
        spends = worth(spends_of(reading, request.account), self.prices, request.chain)
        return Asked(
            request.account, request.origin, request.chain, request.kind, reading, spends, peer.proves(request.origin)
        )

    def _sight(self, origin: str, now: int) -> Sight:
        lately = self._lately.get(origin, deque())
        while lately and now - lately[0] >= MINUTE_MS:
            lately.popleft()
        if not lately:
            self._lately.pop(origin, None)
        return Sight(now, self.ledger, self.prices, in_last_minute=len(lately))

    def _sign(self, peer: Peer, request: messages.Sign, body: bytes, spends: tuple[Spend, ...], how: str) -> None:
        """Signs, records, and answers when the record is on disk. Raises `NotApproved`."""
        vault = self._ready()
        assert self.audit is not None
        self.approvals.use(request.id)
        try:
            key = vault.key(request.account)
        except NoSuchAccount as none:
            raise NotApproved("unauthorized", str(none)) from None
        result = signer.sign(request, key)
        self.ledger.add(self.time.now(), request.account, request.origin, request.chain, spends)
        done = self.audit.append(
            Entry(
                event="signed", id=request.id, origin=request.origin, account=request.account, chain=request.chain,
                kind=request.kind, digest=hashlib.sha256(body).hexdigest(), decision=how,
                result=hashlib.sha256(result.encode()).hexdigest(), spends=spends,
            )
        )  # fmt: skip
        peer.owe()
        done.add_done_callback(partial(self._signed, peer, request, result, spends, self.generation))

    def _signed(
        self,
        peer: Peer,
        request: messages.Sign,
        result: str,
        spends: tuple[Spend, ...],
        generation: int,
        done: "asyncio.Future[None]",
    ) -> None:
        peer.paid()
        failed = None if done.cancelled() else done.exception()
        if failed is not None:
            self.ledger.take_back(self.time.now(), request.account, request.origin, request.chain, spends)
            peer.answer(messages.Refused("failed", str(failed), request.id))
        elif generation != self.generation:
            self.note("withheld", id=request.id, origin=request.origin, reason="locked or stopped before it left")
            peer.answer(messages.Refused("locked", "Fluxdesk was locked before the signature left.", request.id))
        else:
            peer.answer(messages.Signed(request.id, result))

    # ---- policy

    def _hold(self, allowance: str) -> None:
        self.standing = self.standing.hold(allowance)  # the next request of this turn of the loop is held already
        self.run(self.change(lambda s: s.hold(allowance), f"hold {allowance}", at_once=True))

    def halt(self) -> None:
        """Emergency stop: at once, whatever the disk says."""
        self.generation += 1
        self.standing = self.standing.stop()
        self.drop_all("policy", "The emergency stop is on.")

    async def change(self, how: Callable[[Standing], Standing], what: str, at_once: bool = False) -> None:
        """Changes the standing policies, recorded and sealed. `at_once`: it only tightens. Raises `AuditFailed`,
        `OSError`, `KeystoreError` or `NotApproved`.
        """
        if at_once:
            self.standing = how(self.standing)
        async with self._policy_turn:
            vault = self.vault
            if vault is None:
                raise NotApproved("locked", "Fluxdesk is locked.")
            base = self.standing
            new = base if at_once else how(base)
            content, digest = pack(new, vault.seal)
            write(self.policy_path, content)
            await self.recorded("policy", result=digest, note=what)
            settle(self.policy_path)
            vault.settle()
            self._policy_digest, self.policy_state = digest, "whole"
            if not at_once:  # something may have been tightened meanwhile; it is on its way to the disk behind us
                self.standing = new if self.standing is base else how(self.standing)
        self.announce()

    async def set_policy(self, policy: Policy) -> None:
        """Raises as `change` does."""
        await self.change(lambda s: s.changed(policy, self.time.now()), "set")

    # ---- saying how it stands

    def condition(self) -> owner.Condition:
        """For the owner."""
        return owner.Condition(
            keystore=self.keystore.exists(),
            locked=self.vault is None,
            stopped=self.standing.is_stopped(self.time.now()),
            audit="damaged" if self.audit is None else "whole",
            policy=self.policy_state,
            second_factor=self.vault is not None and self.vault.contents.totp is not None,
            waiting=len(self.approvals.all()),
            earlier_keystore=self.earlier_keystore,
        )

    def announce(self) -> None:
        """Tells owner and browsers that something changed."""
        if self.said is not None:
            self.said(self.condition())
        self.changed()

    def run(self, work: Awaitable[object]) -> None:
        """A task whose failure is logged by its kind alone."""
        task = asyncio.get_running_loop().create_task(_quiet(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _quiet(work: Awaitable[object]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - a task's own top level; the text could hold what must not be logged
        log.error("a task of the agent failed: %s", type(error).__name__)


_USED, _MISSED = "code accepted", "wrong code"
_STEP: Final = re.compile(r"[0-9]{1,18}")
_NO_LOG: Final = "The audit log is damaged; nothing is signed. Look at it in the Fluxdesk window."
_SIGNED_KINDS: Final = frozenset(
    {"evm_tx", "evm_message", "evm_typed", "solana_tx", "solana_message", "solana_offchain"}
)
