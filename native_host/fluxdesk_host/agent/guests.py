"""The listening socket: programs of this user that ask. Nothing that is said here can approve, unlock or export.

The first frame of a connection says who speaks: a browser, whose words go on inside Noise (`protocol/session.py`), or
the node, in plain JSON. What is not understood is answered once and ends the connection.
"""

import asyncio
import os
from pathlib import Path
from typing import Final

import msgspec

from fluxdesk_host.agent import owner
from fluxdesk_host.agent.approvals import NotApproved
from fluxdesk_host.agent.policy import Decision, Verdict
from fluxdesk_host.agent.processes import process
from fluxdesk_host.agent.service import Agent, Mode
from fluxdesk_host.agent.vault import Family, Grant, Vault
from fluxdesk_host.agent.wire import Link, listen
from fluxdesk_host.keystore.errors import KeystoreError
from fluxdesk_host.protocol import PROTOCOL, messages
from fluxdesk_host.protocol.errors import ProtocolError
from fluxdesk_host.protocol.pairing import Attempts
from fluxdesk_host.protocol.session import BrowserSession, Compare, Event, Known

MOST_CONNECTIONS: Final = 64
LONGEST_PROPOSAL: Final = 8_192
"""Bytes; the owner is shown all of it."""
_ASKS_FOR: Final = {"add_chain": "Add a chain to your list.", "watch_asset": "Show a token among your balances."}
_FIRST_CHAIN: Final[dict[Mode, dict[Family, str]]] = {
    "practice": {"evm": "eip155:31337", "solana": "solana:local"},
    "live": {"evm": "eip155:1", "solana": "solana:mainnet"},
}
_TOO_LONG: Final = messages.encode(messages.Refused("too_large", "A message has at most one mebibyte."))


class Guest:
    """One connection. Fits `service.Peer`."""

    def __init__(self, number: int, link: Link, agent: Agent) -> None:
        self.number, self._link, self._agent = number, link, agent
        self.role = ""
        self.session: BrowserSession | None = None

    def proves(self, origin: str) -> bool:
        """A paired browser speaks for sites; the node is the process that the owner named."""
        if self.role == "browser":
            return self.session is not None and self.session.trusted and not origin.startswith("node:")
        agent = self._agent
        if self.role != "node" or not origin.startswith("node:"):
            return False
        return self._is_the_node() or agent.standing.trusts_any_node(agent.time.now())

    def _is_the_node(self) -> bool:
        named, asks = self._agent.node, process(self._link.process)
        return named is not None and named == asks

    def answer(self, message: messages.FromAgent) -> None:
        """Sealed for a browser, plain for the node."""
        if self._link.closed:
            return
        if self.session is None:
            self._link.send(messages.encode(message))
            return
        try:
            self.session.send(message)
        except ProtocolError:
            self._link.close()
        self.flush()

    def flush(self) -> None:
        """Sends what the session has to say."""
        if self.session is not None:
            for frame in self.session.outgoing:
                self._link.send(frame)
            self.session.outgoing.clear()

    def owe(self) -> None:
        """An answer follows."""
        self._link.owe()

    def paid(self) -> None:
        """It was given."""
        self._link.paid()

    def end(self, error: ProtocolError) -> None:
        """One answer, then the end."""
        refused = messages.Refused(error.code, error.reason[:400])
        if self.session is None or self.session.key is None:
            self._link.send(messages.encode(refused))
        else:
            self.answer(refused)
        self._link.close()


class Guests:
    """All connections, and what they may ask."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self._guests: dict[Link, Guest] = {}
        self._next = 0
        self._attempts = Attempts()
        self._server: asyncio.Server | None = None
        agent.changed = self.announce

    async def open(self, path: Path) -> None:
        """Listens. Raises `UnsafeFolder` or `SocketTaken`."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(
            lambda: Link(self._frame, self._closed, _TOO_LONG, self._opened), sock=listen(path)
        )

    def close(self) -> None:
        """Ends every connection and listens no more."""
        if self._server is not None:
            self._server.close()
        for link in list(self._guests):
            link.close()

    def pairing(self, number: int) -> Guest | None:
        """A connection by its number."""
        return next((g for g in self._guests.values() if g.number == number), None)

    def owner_compared(self, number: int, yes: bool) -> None:
        """The owner's answer to a pairing. Raises `NotApproved` or `OSError`."""
        guest = self.pairing(number)
        if guest is None or guest.session is None:
            raise NotApproved("closed", "The browser is gone.")
        self._events(guest, guest.session.owner_says(yes))
        guest.flush()

    def forget(self, key: str) -> None:
        """Ends the connections of a browser that is a stranger again."""
        for link, guest in list(self._guests.items()):
            if guest.session is not None and guest.session.key is not None and guest.session.key.hex() == key:
                link.close()

    def disconnect(self, vault: Vault, origin: str) -> None:
        """The owner takes back what a site was given. Raises `KeystoreError`."""
        families: tuple[Family, ...] = ("evm", "solana")
        for family in families:
            vault.grant(origin, family, None)
        self._drop_of(origin, "The site was disconnected.")

    def announce(self) -> None:
        """Tells every paired browser how things stand."""
        for guest in list(self._guests.values()):
            if guest.session is not None and guest.session.trusted:
                guest.answer(self._state(None))

    def _opened(self, link: Link) -> None:
        self._next += 1
        self._guests[link] = Guest(self._next, link, self._agent)
        if link.user != os.getuid():
            self._guests[link].end(ProtocolError("unauthorized", "Another user's programs are not heard here."))
        elif len(self._guests) > MOST_CONNECTIONS:
            self._guests[link].end(ProtocolError("busy"))

    def _closed(self, link: Link) -> None:
        guest = self._guests.pop(link, None)
        if guest is not None:
            self._agent.drop(self._agent.approvals.of_peer(guest.number), "closed", "Who asked is gone.")

    def _frame(self, link: Link, view: memoryview) -> None:
        guest = self._guests.get(link)
        if guest is None or link.closed:
            return
        try:
            if not guest.role:
                self._greet(guest, view)
            elif guest.session is not None:
                self._events(guest, guest.session.receive(bytes(view)))
                guest.flush()
            else:
                self._node(guest, view)
        except ProtocolError as error:
            guest.end(error)
        except (msgspec.MsgspecError, RecursionError):
            guest.end(ProtocolError("malformed", "The message is not understood."))

    def _greet(self, guest: Guest, view: memoryview) -> None:
        greeting = messages.greeting(view)
        if greeting.protocol != PROTOCOL:
            raise ProtocolError("version_mismatch")
        if greeting.role == "browser":
            browsers = self._agent.browsers
            guest.session = BrowserSession(browsers.static(), browsers.knows, self._attempts, "Fluxdesk")
        guest.role = greeting.role

    def _node(self, guest: Guest, view: memoryview) -> None:
        message = messages.to_agent(view)
        if isinstance(message, messages.Sign) and message.origin.startswith("node:"):
            if message.origin == owner.OWN_ORIGIN:
                raise ProtocolError("malformed", "The window asks on its own channel, and nobody asks in its name.")
            self._agent.ask(guest, message)
        elif isinstance(message, messages.Status):
            guest.answer(self._state(message.id))
        elif isinstance(message, messages.Cancel):
            self._cancel(guest, message)
        else:
            raise ProtocolError("malformed", "The node asks for signatures and the state, as `node:…` and nobody else.")

    def _events(self, guest: Guest, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Compare):
                self._compare(guest, event)
            elif isinstance(event, Known):
                self._agent.browsers.add(event.key, event.browser)
                self._agent.note("browser paired", note=event.key.hex())
                if guest.session is not None:
                    guest.session.welcome()
            else:
                self._browser(guest, event)

    def _compare(self, guest: Guest, event: Compare) -> None:
        if self._agent.said is None:
            raise ProtocolError("pairing_failed", "There is nobody to compare the codes.")
        self._agent.said(owner.Codes(guest.number, event.code, event.browser))

    def _browser(self, guest: Guest, message: messages.ToAgent) -> None:
        if isinstance(message, messages.Sign):
            self._agent.ask(guest, message)
        elif isinstance(message, messages.Status):
            guest.answer(self._state(message.id))
        elif isinstance(message, messages.Cancel):
            self._cancel(guest, message)
        elif isinstance(message, messages.Connect | messages.Disconnect | messages.SwitchChain | messages.Propose):
            try:
                self._site(guest, message)
            except NotApproved as no:
                self._agent.refuse(guest, message.id, message.origin, no.code, str(no))
            except KeystoreError as error:
                self._agent.refuse(guest, message.id, message.origin, "failed", str(error))

    def _cancel(self, guest: Guest, message: messages.Cancel) -> None:
        pending = self._agent.approvals.peek(message.id)
        if pending is not None and pending.peer == guest.number:
            self._agent.drop([self._agent.approvals.reject(message.id)], "user_rejected", "Who asked takes it back.")
        guest.answer(messages.Done(message.id))

    def _site(
        self,
        guest: Guest,
        message: messages.Connect | messages.Disconnect | messages.SwitchChain | messages.Propose,
    ) -> None:
        agent = self._agent
        agent.limit_rate(message.origin, agent.time.now())
        vault = agent.vault
        if vault is None:
            raise NotApproved("locked", "Fluxdesk is locked.")
        if isinstance(message, messages.Connect):
            self._connect(guest, vault, message)
        elif isinstance(message, messages.Disconnect):
            families: tuple[Family, ...] = ("evm", "solana") if message.family is None else (message.family,)
            for family in families:
                vault.grant(message.origin, family, None)
            agent.note("disconnected", id=message.id, origin=message.origin)
            self._drop_of(message.origin, "The site was disconnected.")
            agent.announce()  # before the answer, which a site acts on at once
            guest.answer(messages.Done(message.id))
        elif isinstance(message, messages.SwitchChain):
            family = "evm" if message.chain.startswith("eip155:") else "solana"
            grant = vault.contents.grants.get(message.origin, {}).get(family)
            if grant is None:
                raise NotApproved("unauthorized", "This site has no account.")
            vault.grant(message.origin, family, Grant(grant.accounts, message.chain))
            agent.note("chain switched", id=message.id, origin=message.origin, chain=message.chain)
            self._drop_of(message.origin, "The site switched to another chain.")
            agent.announce()  # before the answer, which a site acts on at once
            guest.answer(messages.Done(message.id))
        else:
            self._propose(guest, vault, message)

    def _propose(self, guest: Guest, vault: Vault, message: messages.Propose) -> None:
        """A chain or a token for the owner's lists, which the desktop keeps: the agent asks and signs nothing."""
        if "evm" not in vault.contents.grants.get(message.origin, {}):
            raise NotApproved("unauthorized", "This site has no account.")
        if message.kind == "add_chain" and self._agent.mode == "practice":
            raise NotApproved("unsupported", "Practice has its own chains and takes no other.")
        body = messages.encode(message)
        if len(body) > LONGEST_PROPOSAL:
            raise NotApproved("malformed", "The proposal is too long to be shown.")
        asks = Decision(Verdict.ASK, reasons=("What is on your lists is for you to say.",))
        self._agent.lay_before_owner(guest, message, body, None, asks)

    def _drop_of(self, origin: str, why: str) -> None:
        approvals = self._agent.approvals
        theirs = [approvals.reject(p.id) for p in approvals.all() if p.origin == origin]
        self._agent.drop(theirs, "user_rejected", why)

    def _connect(self, guest: Guest, vault: Vault, message: messages.Connect) -> None:
        grant = vault.contents.grants.get(message.origin, {}).get(message.family)
        if grant is not None:
            guest.answer(messages.Connected(message.id, list(grant.accounts), grant.chain))
        elif message.silent:
            guest.answer(messages.Connected(message.id, [], _FIRST_CHAIN[self._agent.mode][message.family]))
        else:
            asks = Decision(Verdict.ASK, reasons=("The site has no account yet.",))
            self._agent.lay_before_owner(guest, message, messages.encode(message), None, asks)

    def _state(self, identifier: str | None) -> messages.State:
        agent = self._agent
        vault = agent.vault
        if vault is None:
            return messages.State(locked=True, mode=agent.mode, accounts=[], grants=[], waiting=[], id=identifier)
        now, wall = agent.time.now(), agent.clocks.wall()
        return messages.State(
            locked=False,
            mode=agent.mode,
            accounts=[messages.Account(a.id, a.label[:64]) for a in vault.accounts.values()],
            grants=[
                messages.Grant(origin, list(grant.accounts), grant.chain)
                for origin, families in vault.contents.grants.items()
                for grant in families.values()
            ],
            waiting=[
                messages.Waiting(
                    p.id,
                    p.origin,
                    (p.reading.sentence if p.reading else _ASKS_FOR.get(p.kind, "Connect this site."))[:400],
                    p.reading.danger if p.reading else 1,
                    wall + max(0, p.expires - now),
                )
                for p in agent.approvals.all()
            ],
            id=identifier,
        )


def granted_by(agent: Agent, message: messages.Connect, wanted: tuple[str, ...] = ()) -> messages.Connected:
    """The owner let a site connect: it gets the accounts that were chosen, else the selected one of the family, else
    the first that signs.

    Raises `NotApproved` or `KeystoreError`.
    """
    vault = agent.vault
    if vault is None:
        raise NotApproved("locked", "Fluxdesk is locked.")
    mine = [a.id for a in vault.accounts.values() if a.family == message.family and a.signs]
    if not mine:
        raise NotApproved("unauthorized", "There is no account of this kind.")
    selected = agent.selected.get(message.family, "")
    given = list(dict.fromkeys(wanted)) or [selected if selected in mine else mine[0]]
    if not set(given) <= set(mine):
        raise NotApproved("malformed", "An account that was chosen is none of yours that signs on these chains.")
    first = _FIRST_CHAIN[agent.mode][message.family]
    grant = Grant(given, agent.selected.get(f"{message.family} chain", first))
    vault.grant(message.origin, message.family, grant)
    return messages.Connected(message.id, list(given), grant.chain)
