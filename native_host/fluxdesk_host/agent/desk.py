"""The owner's channel: the inherited end of a socket pair. Unlock, approve, policy, export are said here or nowhere.

Lock, stop, approve and reject are done the moment they are read; what takes time (key derivation, files) goes one after
the other. When the channel closes the agent locks.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import msgspec

from fluxdesk_host.agent import owner, totp
from fluxdesk_host.agent.approvals import NotApproved
from fluxdesk_host.agent.audit import AuditDamaged, AuditFailed, entries
from fluxdesk_host.agent.audit_file import verify
from fluxdesk_host.agent.guests import Guests, granted_by
from fluxdesk_host.agent.holdings import Holdings, normal
from fluxdesk_host.agent.key_texts import read_key, written_key
from fluxdesk_host.agent.limits import Price, canonical
from fluxdesk_host.agent.policy import Policy
from fluxdesk_host.agent.service import Agent
from fluxdesk_host.agent.totp import WrongCode
from fluxdesk_host.agent.vault import (
    Family,
    Imported,
    NoSuchAccount,
    Vault,
    Wallet,
    new_words,
    wallet_from,
    wipe,
)
from fluxdesk_host.agent.wire import Link
from fluxdesk_host.keystore.errors import KeystoreError, WrongPassphrase
from fluxdesk_host.protocol import messages

TOO_LONG: Final = owner.encode(owner.Failed(0, "too_large", "A message has at most one mebibyte."))


class Desk:
    """Answers one owner. For what the owner's window asks itself it is the `service.Peer` as well."""

    number: int = 0
    """Guests count from one."""

    def __init__(self, agent: Agent, guests: Guests, ended: Callable[[], None]) -> None:
        self._agent, self._guests, self._ended = agent, guests, ended
        self._link: Link | None = None
        self._turn = asyncio.Lock()
        self._begun = 0
        self._new_totp: bytearray | None = None
        self._holdings = Holdings(agent)
        self._at_once: dict[type[owner.Command], Callable[[Any], object]] = {
            **self._holdings.at_once,
            owner.Lock: lambda _: agent.lock("the owner locked it"),
            owner.Touch: lambda _: None,
            owner.Approve: self._approve,
            owner.Reject: self._reject,
            owner.Ask: self._ask,
            owner.Select: self._select,
            owner.SetPrices: self._set_prices,
            owner.AdmitNode: lambda c: agent.admit(c.process),
            owner.GetPolicy: lambda _: self._policy(),
            owner.Connections: lambda _: self._connections(),
            owner.PairAnswer: lambda c: guests.owner_compared(c.session, c.yes),
        }
        self._in_turn: dict[type[owner.Command], Callable[[Any], Any]] = {
            **self._holdings.in_turn,
            owner.Stop: self._stop,
            owner.CreateWallet: self._create,
            owner.Restore: self._restore,
            owner.CreateEmpty: self._create_empty,
            owner.ImportKey: self._import,
            owner.ImportFile: self._import_file,
            owner.Watch: self._watch,
            owner.AddAccount: self._add_account,
            owner.Unlock: self._unlock,
            owner.UnlockRemembered: self._unlock_remembered,
            owner.CheckPassphrase: self._check_passphrase,
            owner.Remember: self._remember,
            owner.ForgetDevice: self._forget_device,
            owner.SetPolicy: lambda c: agent.set_policy(c.policy),
            owner.Resume: lambda _: agent.change(lambda s: s.resume(agent.time.now()), "resume"),
            owner.Release: lambda c: agent.change(lambda s: s.release(c.allowance), f"release {c.allowance}"),
            owner.Export: self._export,
            owner.Reveal: self._reveal,
            owner.ChangePassphrase: self._change_passphrase,
            owner.TotpBegin: self._totp_begin,
            owner.TotpConfirm: self._totp_confirm,
            owner.TotpOff: self._totp_off,
            owner.AuditVerify: self._audit_verify,
            owner.AuditExport: self._audit_export,
            owner.AuditSetAside: self._audit_set_aside,
            owner.ForgetBrowser: self._forget_browser,
            owner.DisconnectSite: self._disconnect_site,
        }

    def link(self) -> Link:
        """The protocol of the channel."""
        return Link(self._frame, self._closed, TOO_LONG, self._opened)

    def _opened(self, link: Link) -> None:
        self._link = link
        self._agent.said = self._say
        self._say(self._agent.condition())

    def _closed(self, link: Link) -> None:
        self._link = None
        self._agent.said = None
        self._agent.lock("the owner's channel closed")
        self._ended()

    def _say(self, reply: owner.Reply) -> None:
        if self._link is not None:
            self._link.send(owner.encode(reply))

    def _frame(self, link: Link, view: memoryview) -> None:
        try:
            command = owner.decode(view)
        except msgspec.ValidationError as error:
            self._say(owner.Failed(_number(view), "malformed", f"The command is not understood: {error}."))
            return
        except (msgspec.MsgspecError, RecursionError):
            self._say(owner.Failed(0, "malformed", "The command is not understood."))
            link.close()
            return
        self._agent.touch()
        now = self._at_once.get(type(command))
        if now is not None:
            try:
                self._say(owner.Ok(command.n, now(command)))
            except _EXPECTED as error:
                self._say(_failed(command.n, error))
            return
        if isinstance(command, owner.Stop):
            self._agent.halt()
        self._agent.run(self._later(command, self._agent.generation))

    async def _later(self, command: owner.ToOwnerSide, generation: int) -> None:
        async with self._turn:
            try:
                self._begun = generation
                said: owner.Reply = owner.Failed(command.n, "failed", "A defect of Fluxdesk. Nothing was signed.")
                said = owner.Ok(command.n, await self._in_turn[type(command)](command))
            except _EXPECTED as error:
                said = _failed(command.n, error)
            finally:
                self._say(said)
                for field in command.__struct_fields__:
                    value = getattr(command, field)
                    if isinstance(value, bytearray):
                        wipe(value)

    # ---- what the owner's window asks to be signed

    def _ask(self, command: owner.Ask) -> None:
        if command.request.origin != owner.OWN_ORIGIN:
            raise NotApproved("unauthorized", "On this channel the window asks for itself and for nobody else.")
        self._agent.ask(self, command.request)

    def proves(self, origin: str) -> bool:
        """The channel is the proof."""
        return origin == owner.OWN_ORIGIN

    def answer(self, message: messages.FromAgent) -> None:
        """A signature, or why there is none."""
        if isinstance(message, messages.Signed):
            self._say(owner.Answered(message.id, result=message.result))
        elif isinstance(message, messages.Refused) and message.id is not None:
            self._say(owner.Answered(message.id, code=message.code, reason=message.reason))

    def owe(self) -> None:
        """The owner is read on, whatever is owed."""

    def paid(self) -> None:
        """See `owe`."""

    # ---- wallets

    async def _unlock(self, command: owner.Unlock) -> None:
        if self._agent.vault is not None:
            return
        generation = self._begun
        vault = await asyncio.to_thread(Vault.open, self._agent.keystore, command.passphrase)
        await self._agent.opened(vault, generation)

    async def _unlock_remembered(self, _: owner.UnlockRemembered) -> None:
        self._needs_key_ring()
        if self._agent.vault is not None:
            return
        generation = self._begun
        vault = await asyncio.to_thread(Vault.open_remembered, self._agent.keystore)
        await self._agent.opened(vault, generation)

    async def _check_passphrase(self, command: owner.CheckPassphrase) -> None:
        if not await asyncio.to_thread(self._vault().is_passphrase, command.passphrase):
            raise WrongPassphrase

    async def _remember(self, command: owner.Remember) -> None:
        self._needs_key_ring()
        vault = self._vault()
        if not await asyncio.to_thread(vault.is_passphrase, command.passphrase):
            raise WrongPassphrase
        await self._agent.recorded("remembered on this device")
        await asyncio.to_thread(vault.remember)
        self._agent.announce()

    async def _forget_device(self, _: owner.ForgetDevice) -> None:
        from fluxdesk_host.keystore.device import forget

        self._needs_key_ring()
        await asyncio.to_thread(forget, self._agent.keystore)
        self._agent.note("forgotten on this device")
        self._agent.announce()

    def _needs_key_ring(self) -> None:
        if not self._agent.key_ring:
            raise NotApproved("unsupported", "This agent was started without the key ring; nothing was remembered.")

    async def _create(self, command: owner.CreateWallet) -> dict[str, bytearray]:
        words = new_words(command.words)
        await self._take(wallet_from(words, bytearray(), command.label), command.passphrase)
        return {"words": words}

    async def _restore(self, command: owner.Restore) -> None:
        await self._take(wallet_from(command.mnemonic, command.extra, command.label, True), command.passphrase)

    async def _create_empty(self, command: owner.CreateEmpty) -> None:
        agent, generation = self._agent, self._begun
        if agent.vault is not None:
            raise NotApproved("failed", "There is a keystore already. Nothing was changed.")
        vault = await asyncio.to_thread(Vault.create, agent.keystore, command.passphrase, None)
        await agent.opened(vault, generation)
        agent.note("keystore made")

    async def _take(self, wallet: Wallet, passphrase: bytearray) -> None:
        agent, generation = self._agent, self._begun
        if agent.vault is None:
            vault = await asyncio.to_thread(Vault.create, agent.keystore, passphrase, wallet)
            await agent.opened(vault, generation)
        else:
            if not await asyncio.to_thread(agent.vault.is_passphrase, passphrase):
                raise WrongPassphrase
            self._vault().add_wallet(wallet)
            agent.know()
        agent.note("wallet added", wallet=wallet.id)
        agent.announce()

    async def _import(self, command: owner.ImportKey) -> None:
        self._vault().import_key(Imported(command.family, bytearray(command.key), command.label))
        self._agent.know()
        await self._agent.recorded("key imported")

    async def _import_file(self, command: owner.ImportFile) -> None:
        vault = self._vault()
        family, key = await asyncio.to_thread(read_key, command.format, command.text, command.password)
        with key:
            vault.import_key(Imported(family, bytearray(key.view()), command.label))
        self._agent.know()
        await self._agent.recorded("key imported")

    async def _watch(self, command: owner.Watch) -> None:
        self._vault().watch(normal(command.account), command.label)
        self._agent.know()

    async def _add_account(self, command: owner.AddAccount) -> list[dict[str, Any]]:
        self._vault().add_account(command.wallet, command.family, command.label)
        self._agent.know()
        return self._holdings.accounts()

    async def _change_passphrase(self, command: owner.ChangePassphrase) -> None:
        await asyncio.to_thread(self._vault().change_passphrase, command.old, command.new)
        await self._agent.recorded("passphrase changed")

    def _vault(self) -> Vault:
        if self._agent.vault is None:
            raise NotApproved("locked", "Fluxdesk is locked.")
        return self._agent.vault

    # ---- what leaves

    async def _asked_again(self, passphrase: bytearray, code: str | None) -> Vault:
        vault, generation = self._vault(), self._agent.generation
        if not await asyncio.to_thread(vault.is_passphrase, passphrase):
            self._agent.note("refused", reason="wrong passphrase before an export")
            raise WrongPassphrase
        if generation != self._agent.generation:
            raise NotApproved("locked", "Fluxdesk was locked meanwhile.")
        if vault.contents.totp is not None:
            self._agent.check_code(vault, code)
        return vault

    async def _export(self, command: owner.Export) -> dict[str, bytearray]:
        vault = await self._asked_again(command.passphrase, command.code)
        family, _, address = command.account.partition(":")
        account = f"{family}:{canonical(address)}"
        key = vault.key(account)
        if family == "evm" and command.format == "file" and not command.password:
            raise NotApproved("failed", "A key file needs a password. Nothing was exported.")
        await self._agent.recorded("exported", account=account, kind=command.format)
        self._vault()
        kind: Family = "evm" if family == "evm" else "solana"
        return {"key": await asyncio.to_thread(written_key, kind, key.private, command.format, command.password)}

    async def _reveal(self, command: owner.Reveal) -> dict[str, bytearray]:
        vault = await self._asked_again(command.passphrase, command.code)
        words = vault.words(command.wallet)
        await self._agent.recorded("words shown", wallet=command.wallet)
        self._vault()
        return {"words": words}

    async def _totp_begin(self, _: owner.TotpBegin) -> dict[str, str]:
        import os

        if self._vault().contents.totp is not None:
            raise NotApproved("failed", "There is a second factor already. Turn it off first.")
        self._new_totp = bytearray(os.urandom(totp.SECRET_BYTES))
        return {"uri": totp.uri(self._new_totp, "wallet")}

    async def _totp_confirm(self, command: owner.TotpConfirm) -> None:
        if self._new_totp is None:
            raise NotApproved("failed", "No second factor is being set up.")
        agent = self._agent
        agent.use_code(self._new_totp, command.code)
        self._vault().set_totp(self._new_totp)
        self._new_totp = None
        await agent.recorded("second factor on")
        agent.announce()

    async def _totp_off(self, command: owner.TotpOff) -> None:
        vault = await self._asked_again(command.passphrase, command.code)
        vault.set_totp(None)
        await self._agent.recorded("second factor off")
        self._agent.announce()

    # ---- requests

    def _approve(self, command: owner.Approve) -> None:
        agent = self._agent
        pending = agent.approve(command.id, command.digest, command.code)
        if pending.kind in ("add_chain", "watch_asset"):
            agent.note("proposal accepted", id=pending.id, origin=pending.origin, digest=pending.digest)
            agent.answer_pending(pending, messages.Done(pending.id))
            return
        if not pending.kind.startswith("connect"):
            return
        message = msgspec.json.decode(pending.body, type=messages.Connect)
        try:
            answer = granted_by(agent, message, command.accounts)
        except (NotApproved, KeystoreError) as error:
            agent.answer_pending(pending, messages.Refused("failed", str(error)[:400], pending.id))
            raise
        agent.note("connected", id=pending.id, origin=pending.origin, account=answer.accounts[0], digest=pending.digest)
        agent.announce()  # before the answer: a site that signs at once finds itself connected
        agent.answer_pending(pending, answer)

    def _reject(self, command: owner.Reject) -> None:
        agent = self._agent
        pending = agent.approvals.reject(command.id)
        agent.note("rejected", id=pending.id, origin=pending.origin, digest=pending.digest)
        agent.answer_pending(pending, messages.Refused("user_rejected", "The user said no.", pending.id))

    def _select(self, command: owner.Select) -> None:
        agent = self._agent
        if command.account is not None:
            family, _, address = command.account.partition(":")
            agent.selected[family] = f"{family}:{canonical(address)}"
        if command.chain is not None:
            agent.selected["evm chain" if command.chain.startswith("eip155:") else "solana chain"] = command.chain
        agent.drop_all("user_rejected", "Another account or chain was chosen.")

    def _set_prices(self, command: owner.SetPrices) -> None:
        now = self._agent.time.now()
        for price in command.prices:
            said = Price(price.micro, price.decimals, now - price.age_s * 1000)
            self._agent.prices[price.chain, price.asset] = said

    # ---- policy and log

    def _policy(self) -> dict[str, Any]:
        agent = self._agent
        now, standing = agent.time.now(), agent.standing
        return {
            "current": standing.current,
            "replaced": [
                {"policy": r.policy, "binds_for_ms": r.until - now} for r in standing.replaced if r.until > now
            ],
            "held": standing.held,
            "stopped": standing.is_stopped(now),
            "resumes_in_ms": None if standing.resumes is None else max(0, standing.resumes - now),
            "state": agent.policy_state,
        }

    async def _stop(self, _: owner.Stop) -> None:
        await self._agent.change(lambda s: s.stop(), "emergency stop", at_once=True)

    async def _audit_verify(self, command: owner.AuditVerify) -> dict[str, Any]:
        agent, loop = self._agent, asyncio.get_running_loop()

        def report(done: int, whole: int) -> None:
            loop.call_soon_threadsafe(self._say, owner.Progress(command.n, done, whole))

        key = None if agent.vault is None else agent.vault.seal
        if agent.audit is not None:
            await agent.audit.flush()
        verdict = await asyncio.to_thread(verify, agent.audit_path, key, report)
        return {"records": verdict.records, "problems": [p.sentence for p in verdict.problems], "torn": verdict.torn}

    async def _audit_export(self, command: owner.AuditExport) -> list[dict[str, Any]]:
        found = []
        for entry in entries(self._agent.audit_path):
            if entry.n > command.after:
                found.append(msgspec.to_builtins(entry))
            if len(found) >= command.most:
                break
        return found

    async def _audit_set_aside(self, _: owner.AuditSetAside) -> str:
        return (await self._agent.begin_new_log()).name

    async def _forget_browser(self, command: owner.ForgetBrowser) -> bool:
        gone = self._agent.browsers.forget(command.key)
        self._guests.forget(command.key)
        await self._agent.recorded("browser forgotten", note=command.key[:64])
        return gone

    def _connections(self) -> dict[str, Any]:
        return {"browsers": self._agent.browsers.names(), "sites": self._vault().contents.grants}

    async def _disconnect_site(self, command: owner.DisconnectSite) -> None:
        self._guests.disconnect(self._vault(), command.origin)
        await self._agent.recorded("disconnected", origin=command.origin)
        self._agent.announce()


_EXPECTED: Final = (
    NotApproved, WrongCode, KeystoreError, NoSuchAccount, AuditFailed, AuditDamaged, OSError, ValueError,
)  # fmt: skip


class _Numbered(msgspec.Struct):
    n: int = 0


def _number(view: memoryview) -> int:
    """Of a command that is not understood otherwise."""
    try:
        return msgspec.json.decode(view, type=_Numbered).n
    except msgspec.MsgspecError:
        return 0


def _failed(n: int, error: Exception) -> owner.Failed:
    """What the owner is told. The texts of the named errors hold no secret; those of others are not repeated."""
    if isinstance(error, NotApproved):
        return owner.Failed(n, error.code, str(error))
    if isinstance(error, WrongCode | KeystoreError | NoSuchAccount | AuditFailed | AuditDamaged):
        return owner.Failed(n, "failed", str(error))
    if isinstance(error, OSError):
        return owner.Failed(n, "failed", f"The file system refused ({error.strerror}). Nothing was changed.")
    told = str(error) if type(error).__module__.startswith("fluxdesk_host.") else "It is not well-formed."
    return owner.Failed(n, "malformed", told)


def policy_from(text: bytes) -> Policy:
    """The policy of a file. Raises `msgspec.MsgspecError`."""
    return msgspec.json.decode(text, type=Policy)
