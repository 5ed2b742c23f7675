"""What the owner keeps and only the owner sees: names of wallets and accounts, discovery, the address book, the list.

Nothing here signs or decides. What is changed is in the keystore before it is answered.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from fluxdesk_host.agent import owner
from fluxdesk_host.agent.approvals import NotApproved
from fluxdesk_host.agent.recipients import Recipient
from fluxdesk_host.agent.service import Agent
from fluxdesk_host.agent.vault import Contact, Derived, Vault, path_of
from fluxdesk_host.keys.addresses import parse_evm_address, parse_solana_address


class Holdings:
    """Answers the commands of one owner about them: `at_once` when they are read, `in_turn` one after the other."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self.at_once: dict[type[owner.Command], Callable[[Any], object]] = {
            owner.ListAccounts: lambda _: self.accounts(),
            owner.ListWallets: lambda _: self._wallets(),
            owner.ListContacts: lambda _: self._contacts(),
            owner.CheckRecipient: self._check_recipient,
            owner.KnownBadState: lambda _: self._known_bad(),
        }
        self.in_turn: dict[type[owner.Command], Callable[[Any], Any]] = {
            owner.RenameWallet: self._rename_wallet,
            owner.RenameAccount: self._rename_account,
            owner.Unwatch: self._unwatch,
            owner.BackedUp: self._backed_up,
            owner.Discover: self._discover,
            owner.AddDiscovered: self._add_discovered,
            owner.AddContact: self._add_contact,
            owner.ChangeContact: self._change_contact,
            owner.RemoveContact: self._remove_contact,
            owner.DeviceState: self._device_state,
        }

    def accounts(self) -> list[dict[str, Any]]:
        """All accounts. Raises `NotApproved` when locked."""
        return [msgspec.structs.asdict(a) for a in self._vault().accounts.values()]

    def _vault(self) -> Vault:
        if self._agent.vault is None:
            raise NotApproved("locked", "Fluxdesk is locked.")
        return self._agent.vault

    async def _rename_wallet(self, command: owner.RenameWallet) -> None:
        self._vault().rename_wallet(command.wallet, command.label)

    async def _rename_account(self, command: owner.RenameAccount) -> None:
        self._vault().rename(normal(command.account), command.label)
        self._agent.know()
        self._agent.announce()

    async def _unwatch(self, command: owner.Unwatch) -> None:
        self._vault().unwatch(normal(command.account))
        self._agent.know()
        self._agent.announce()

    async def _backed_up(self, command: owner.BackedUp) -> None:
        self._vault().set_tried(command.wallet)
        await self._agent.recorded("back-up tried", wallet=command.wallet)

    async def _discover(self, command: owner.Discover) -> list[dict[str, Any]]:
        vault = self._vault()
        places = [_derived(command.scheme, n) for n in range(command.first, command.first + command.count)]
        names = await asyncio.to_thread(vault.addresses, command.wallet, places)
        return [
            {"index": place.index, "path": path_of(place), "account": name}
            for place, name in zip(places, names, strict=True)
        ]

    async def _add_discovered(self, command: owner.AddDiscovered) -> list[dict[str, Any]]:
        vault = self._vault()
        vault.add_derived(command.wallet, [_derived(command.scheme, n) for n in sorted(set(command.indexes))])
        self._agent.know()
        await self._agent.recorded("accounts added", wallet=command.wallet)
        self._agent.announce()
        return self.accounts()

    def _wallets(self) -> list[dict[str, Any]]:
        found = self._vault().contents.wallets
        return [{"id": w.id, "label": w.label, "tried": w.tried, "words": 3 * len(w.entropy) // 4} for w in found]

    # ---- whom to send to

    def _contacts(self) -> list[dict[str, Any]]:
        book = self._vault().contents.contacts
        return [{"account": name, "label": c.label, "note": c.note} for name, c in book.items()]

    async def _add_contact(self, command: owner.AddContact) -> Recipient:
        vault, name = self._vault(), normal(command.account)
        if name in vault.contents.contacts:
            raise NotApproved("failed", "This address is in the address book already. Nothing was changed.")
        self._check_label(command.label, name)
        known = self._agent.recipients.of(name)
        vault.set_contact(name, Contact(command.label, command.note))
        self._agent.know()
        await self._agent.recorded("contact added")
        return known

    async def _change_contact(self, command: owner.ChangeContact) -> None:
        vault, name = self._vault(), self._contact(command.account)
        self._check_label(command.label, name)
        vault.set_contact(name, Contact(command.label, command.note))
        self._agent.know()
        await self._agent.recorded("contact changed")

    async def _remove_contact(self, command: owner.RemoveContact) -> None:
        self._vault().set_contact(self._contact(command.account), None)
        self._agent.know()
        await self._agent.recorded("contact removed")

    def _contact(self, account: str) -> str:
        name = normal(account)
        if name not in self._vault().contents.contacts:
            raise NotApproved("failed", "This address is not in the address book. Nothing was changed.")
        return name

    def _check_label(self, label: str, account: str) -> None:
        """Two contacts of one name would be taken for each other."""
        book = self._vault().contents.contacts
        taken = any(c.label.casefold() == label.casefold() and name != account for name, c in book.items())
        if taken:
            raise NotApproved("failed", "There is a contact of this name already. Nothing was changed. Take another.")

    def _check_recipient(self, command: owner.CheckRecipient) -> dict[str, Any]:
        agent, name = self._agent, normal(command.account)
        self._vault()
        agent.refresh_bad()
        since = None
        if command.sender is not None and command.chain is not None:
            since = agent.ledger.known_since(normal(command.sender), command.chain, name.partition(":")[2])
        found: dict[str, Any] = msgspec.to_builtins(agent.recipients.of(name))
        return found | {"known_for_ms": None if since is None else agent.time.now() - since}

    def _known_bad(self) -> dict[str, Any]:
        agent = self._agent
        agent.refresh_bad()
        bad = agent.recipients.bad
        return {"date": bad.date, "source": bad.source, "count": bad.count, "problem": bad.problem}

    async def _device_state(self, _: owner.DeviceState) -> dict[str, Any]:
        from fluxdesk_host.keystore.device import available, is_remembered

        remembered = is_remembered(self._agent.keystore)
        if not self._agent.key_ring:
            return {"remembered": remembered, "key_ring": False, "store": None}
        return {"remembered": remembered, "key_ring": True, "store": await asyncio.to_thread(available)}


def normal(account: str) -> str:
    """The one name of an account: EVM in lower case if its checksum fits, Solana as it is. Raises `KeyFormatError`."""
    family, _, address = account.partition(":")
    if family == "evm":
        return f"evm:0x{parse_evm_address(address).hex()}"
    parse_solana_address(address)
    return account


def _derived(scheme: owner.SchemeName, index: int) -> Derived:
    if scheme == "evm":
        return Derived("evm", index, f"EVM {index + 1}")
    if scheme == "evm_ledger_live":
        return Derived("evm", index, f"EVM {index + 1} (Ledger Live)", "ledger_live")
    if scheme == "solana":
        return Derived("solana", index, f"Solana {index + 1}")
    return Derived("solana", index, f"Solana {index + 1} (short path)", "bare")
