"""What the agent can be asked for, each as one call with its shapes. `agent_link` carries the questions."""

from typing import Any, Literal

import msgspec

from fluxdesk.desktop.agent_facts import (
    Account,
    Audit,
    Connections,
    Contact,
    Device,
    Family,
    Found,
    HeldWallet,
    KnownBadList,
    PolicyState,
    RecipientState,
)
from fluxdesk.desktop.qt import QObject
from fluxdesk_host.agent import owner
from fluxdesk_host.agent.policy import Policy


class AgentCalls(QObject):
    """Every call raises `AgentRefused` or `AgentGone`."""

    async def ask(self, command: owner.Command) -> Any:
        """The body of its answer."""
        raise NotImplementedError

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
