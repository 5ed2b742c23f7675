"""A browser at the real agent's socket: pairing, what a site is given, and what dies when it is taken back.

The extension's side is spoken here with the protocol's own parts; the extension itself is tested in a real Chromium.
"""

import base64
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from agent_process import EVM, POLICY, AgentProcess, Asker, encoded, transfer, unlocked
from fluxdesk_host.agent.audit import entries
from fluxdesk_host.protocol import messages
from fluxdesk_host.protocol.channel import Channel
from fluxdesk_host.protocol.noise import Handshake, new_static_key
from fluxdesk_host.protocol.pairing import Initiator
from fluxdesk_host.protocol.session import prologue

SITE = "https://app.example"
M = TypeVar("M", bound=messages.Message)


class Browser:
    """One connection of one browser to the agent's socket."""

    def __init__(self, agent: AgentProcess, static: X25519PrivateKey) -> None:
        self.asker: Asker = agent.asker("browser")
        shake = Handshake(initiator=True, static=static, prologue=prologue())
        self.asker.send_raw(shake.write())
        shake.read(self.asker.receive_raw() or b"")
        self.asker.send_raw(shake.write())
        self.channel = Channel(shake)
        self.heard: list[messages.FromAgent] = []

    def say(self, message: messages.ToAgent) -> None:
        for part in self.channel.seal(messages.encode(message)):
            self.asker.send_raw(part)

    def hear(self, kind: type[M], identifier: str | None = None) -> M:
        """The next message of a kind (and id)."""
        while True:
            for i, message in enumerate(self.heard):
                if isinstance(message, kind) and (identifier is None or getattr(message, "id", None) == identifier):
                    del self.heard[i]
                    return message
            frame = self.asker.receive_raw()
            assert frame is not None, "the connection ended"
            body = self.channel.open(frame)
            if body is not None:
                self.heard.append(messages.from_agent(body))

    def ask(self, message: messages.ToAgent, kind: type[M]) -> M:
        self.say(message)
        return self.hear(kind, getattr(message, "id", None))

    def pair(self, agent: AgentProcess) -> None:
        side = Initiator(self.channel.hash)
        commitment = base64.b64encode(side.commit()).decode()
        self.say(messages.PairCommit(commitment=commitment, browser="Chromium"))
        nonce = base64.b64decode(self.hear(messages.PairNonce).nonce)
        self.say(messages.PairReveal(nonce=base64.b64encode(side.reveal(nonce)).decode()))
        compare = agent.desk.push("compare")
        assert compare["code"] == side.code
        agent.desk.do("pair_answer", session=compare["session"], yes=True)
        self.say(messages.PairConfirm())
        self.hear(messages.Paired)


def new_id() -> str:
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentProcess]:
    folder = tmp_path_factory.mktemp("agent")
    (folder / "run").mkdir(mode=0o700)
    with unlocked(folder / "data", folder / "run", POLICY | {"requests_per_second": 100}) as process:
        yield process


@pytest.fixture(scope="module")
def key(agent: AgentProcess) -> X25519PrivateKey:
    """The key of a browser that was paired."""
    static = new_static_key()
    browser = Browser(agent, static)
    browser.pair(agent)
    browser.asker.close()
    return static


@pytest.fixture
def browser(agent: AgentProcess, key: X25519PrivateKey) -> Iterator[Browser]:
    made = Browser(agent, key)
    yield made
    made.say(messages.Disconnect(id="end", origin=SITE))
    made.hear(messages.Done, "end")
    made.asker.close()


def approved(agent: AgentProcess, identifier: str) -> None:
    shown = agent.desk.push("pending", id=identifier)
    agent.desk.do("approve", id=shown["id"], digest=shown["digest"])


def connected(agent: AgentProcess, browser: Browser) -> messages.Connected:
    connect = messages.Connect(id=new_id(), origin=SITE, family="evm")
    browser.say(connect)
    approved(agent, connect.id)
    return browser.hear(messages.Connected, connect.id)


def sign(**more: object) -> messages.Sign:
    fields = {"origin": SITE, "kind": "evm_message", "payload": encoded("hello")} | more
    return msgspec.convert(transfer(**fields), messages.Sign)  # type: ignore[arg-type]


def test_an_unpaired_browser_is_told_to_pair_and_gets_nothing(agent: AgentProcess) -> None:
    stranger = Browser(agent, new_static_key())
    for message in (
        messages.Status(id="1"),
        messages.Connect(id="2", origin=SITE, family="evm"),
        sign(),
    ):
        assert stranger.ask(message, messages.Refused).code == "not_paired"


def test_a_second_extension_that_the_owner_does_not_accept_stays_a_stranger(agent: AgentProcess) -> None:
    stranger = Browser(agent, new_static_key())
    side = Initiator(stranger.channel.hash)
    stranger.say(messages.PairCommit(commitment=base64.b64encode(side.commit()).decode(), browser="Other"))
    nonce = base64.b64decode(stranger.hear(messages.PairNonce).nonce)
    stranger.say(messages.PairReveal(nonce=base64.b64encode(side.reveal(nonce)).decode()))
    agent.desk.do("pair_answer", session=agent.desk.push("compare")["session"], yes=False)
    assert stranger.hear(messages.Refused).code == "pairing_failed"
    assert stranger.ask(messages.Status(id="1"), messages.Refused).code == "not_paired"


def test_a_paired_browser_is_known_again_and_sees_the_accounts(browser: Browser) -> None:
    state = browser.ask(messages.Status(id="s"), messages.State)
    assert EVM in [a.id for a in state.accounts]
    assert state.locked is False


def test_a_site_gets_its_account_when_the_owner_says_so_and_keeps_it(agent: AgentProcess, browser: Browser) -> None:
    silent = messages.Connect(id=new_id(), origin=SITE, family="evm", silent=True)
    assert browser.ask(silent, messages.Connected).accounts == []
    assert connected(agent, browser).accounts == [EVM]
    again = messages.Connect(id=new_id(), origin=SITE, family="evm", silent=True)
    assert browser.ask(again, messages.Connected).accounts == [EVM]


def test_a_site_asks_for_a_signature_and_the_owner_gives_it(agent: AgentProcess, browser: Browser) -> None:
    connected(agent, browser)
    request = sign()
    browser.say(request)
    approved(agent, request.id)
    assert len(browser.hear(messages.Signed, request.id).result) == 2 + 130
    last = [e for e in entries(agent.data / "audit.log") if e.event == "signed"][-1]
    assert (last.origin, last.decision) == (SITE, "owner")


def test_a_site_without_a_grant_or_with_anothers_gets_no_signature(agent: AgentProcess, browser: Browser) -> None:
    assert browser.ask(sign(), messages.Refused).code == "unauthorized"
    connected(agent, browser)
    assert browser.ask(sign(origin="https://other.example"), messages.Refused).code == "unauthorized"


def test_a_browser_cannot_speak_for_the_node(agent: AgentProcess, key: X25519PrivateKey) -> None:
    attacker = Browser(agent, key)
    attacker.say(msgspec.convert(transfer(), messages.Sign))
    assert attacker.hear(messages.Refused).code == "malformed"
    assert attacker.asker.receive_raw() is None


def test_what_a_site_asked_dies_when_it_switches_chain_or_disconnects(agent: AgentProcess, browser: Browser) -> None:
    for message in (
        messages.SwitchChain(id=new_id(), origin=SITE, chain="eip155:137"),
        messages.Disconnect(id=new_id(), origin=SITE),
    ):
        connected(agent, browser)
        request = sign()
        browser.say(request)
        shown = agent.desk.push("pending", id=request.id)
        browser.say(message)
        browser.hear(messages.Done, message.id)
        browser.hear(messages.Refused, request.id)
        assert "answered or died" in agent.desk.fails("approve", id=shown["id"], digest=shown["digest"])
        if isinstance(message, messages.SwitchChain):
            state = browser.ask(messages.Status(id=new_id()), messages.State)
            assert [g.chain for g in state.grants] == ["eip155:137"]
            browser.ask(messages.Disconnect(id=new_id(), origin=SITE), messages.Done)


def test_the_page_that_asked_takes_it_back(agent: AgentProcess, browser: Browser) -> None:
    connected(agent, browser)
    request = sign()
    browser.say(request)
    agent.desk.push("pending", id=request.id)
    browser.say(messages.Cancel(id=request.id))
    assert browser.hear(messages.Refused, request.id).code == "user_rejected"
    agent.desk.push("gone", id=request.id)


def test_another_browser_cannot_take_back_or_answer_for_it(
    agent: AgentProcess, browser: Browser, key: X25519PrivateKey
) -> None:
    connected(agent, browser)
    request = sign()
    browser.say(request)
    shown = agent.desk.push("pending", id=request.id)
    other = Browser(agent, key)
    other.ask(messages.Cancel(id=request.id), messages.Done)
    assert other.ask(sign(id=request.id, payload=encoded("other")), messages.Refused).code == "already_waiting"
    agent.desk.do("approve", id=shown["id"], digest=shown["digest"])
    browser.hear(messages.Signed, request.id)


def test_a_lock_empties_what_browsers_see_and_lets_what_waits_die(agent: AgentProcess, browser: Browser) -> None:
    connected(agent, browser)
    request = sign()
    browser.say(request)
    agent.desk.push("pending", id=request.id)
    agent.desk.do("lock")
    assert browser.hear(messages.Refused, request.id).code == "locked"
    state = browser.ask(messages.Status(id=new_id()), messages.State)
    assert (state.locked, state.accounts, state.grants, state.waiting) == (True, [], [], [])
    assert browser.ask(sign(), messages.Refused).code == "locked"
    agent.desk.unlock()


def test_a_browser_that_is_forgotten_is_a_stranger(agent: AgentProcess) -> None:
    static = new_static_key()
    browser = Browser(agent, static)
    browser.pair(agent)
    assert agent.desk.do("forget_browser", key=static.public_key().public_bytes_raw().hex()) is True
    assert Browser(agent, static).ask(messages.Status(id="1"), messages.Refused).code == "not_paired"


def test_the_paired_keys_are_for_their_owner_alone(agent: AgentProcess, key: X25519PrivateKey) -> None:
    path = Path(agent.data / "browsers.json")
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert key.public_key().public_bytes_raw().hex() in path.read_text(encoding="ascii")


def token(**more: object) -> messages.Propose:
    payload = {"type": "ERC20", "chain": "eip155:1", "address": "0x" + "12" * 20, "symbol": "T", "decimals": 6}
    fields: dict[str, object] = {"id": new_id(), "origin": SITE, "kind": "watch_asset", "payload": payload}
    return messages.Propose(**(fields | more))  # type: ignore[arg-type]


def test_what_a_site_proposes_is_for_the_owner_to_accept(agent: AgentProcess, browser: Browser) -> None:
    assert browser.ask(token(), messages.Refused).code == "unauthorized"
    connected(agent, browser)
    wanted = token()
    browser.say(wanted)
    shown = agent.desk.push("pending", id=wanted.id)
    assert (shown["kind"], shown["origin"], shown["account"]) == ("watch_asset", SITE, "")
    waiting = browser.ask(messages.Status(id="w"), messages.State).waiting
    assert [(one.id, one.sentence) for one in waiting] == [(wanted.id, "Show a token among your balances.")]
    agent.desk.do("approve", id=shown["id"], digest=shown["digest"])
    browser.hear(messages.Done, wanted.id)
    refused = token()
    browser.say(refused)
    agent.desk.do("reject", id=agent.desk.push("pending", id=refused.id)["id"])
    assert browser.hear(messages.Refused, refused.id).code == "user_rejected"


def test_a_proposal_that_cannot_be_shown_whole_is_refused(agent: AgentProcess, browser: Browser) -> None:
    connected(agent, browser)
    assert browser.ask(token(payload={"symbol": "T" * 9_000}), messages.Refused).code == "malformed"
    chain = token(kind="add_chain", payload={"chainId": "0x64"})
    browser.say(chain)
    assert agent.desk.push("pending", id=chain.id)["kind"] == "add_chain"


def test_the_owner_chooses_which_accounts_a_site_sees(agent: AgentProcess, browser: Browser) -> None:
    accounts = [a.id for a in browser.ask(messages.Status(id="a"), messages.State).accounts]
    mine = [one for one in accounts if one.startswith("evm:")]
    other = [one for one in accounts if one.startswith("solana:")]
    connect = messages.Connect(id=new_id(), origin=SITE, family="evm")
    browser.say(connect)
    shown = agent.desk.push("pending", id=connect.id)
    why = agent.desk.fails("approve", id=shown["id"], digest=shown["digest"], accounts=other)
    assert "none of yours" in why
    assert browser.hear(messages.Refused, connect.id).code == "failed"
    again = messages.Connect(id=new_id(), origin=SITE, family="evm")
    browser.say(again)
    shown = agent.desk.push("pending", id=again.id)
    agent.desk.do("approve", id=shown["id"], digest=shown["digest"], accounts=[mine[-1], *mine[:-1]])
    assert browser.hear(messages.Connected, again.id).accounts == [mine[-1], *mine[:-1]]
