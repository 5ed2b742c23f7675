"""The agent's side of a browser: what an unknown one gets, how it becomes known, and what ends it."""

import pytest

from fluxdesk_host.protocol import messages
from fluxdesk_host.protocol.errors import ProtocolError
from fluxdesk_host.protocol.noise import Handshake, new_static_key
from fluxdesk_host.protocol.pairing import Attempts
from fluxdesk_host.protocol.session import BrowserSession, Compare, Known
from unit.host.protocol.conversation import Browser, public, text

SIGN = messages.Sign(
    id="1",
    origin="https://app.example",
    account="evm:0x" + "1" * 40,
    chain="eip155:1",
    kind="evm_message",
    payload="aGk=",
)


def test_an_unknown_browser_is_told_to_pair_and_nothing_reaches_the_agent() -> None:
    browser = Browser.joined(known=set())
    (answer,) = browser.say(SIGN)
    assert isinstance(answer, messages.Refused)
    assert (answer.code, answer.id) == ("not_paired", "1")
    assert browser.events == []


def test_a_known_browser_is_heard_at_once() -> None:
    key = new_static_key()
    browser = Browser.joined(known={public(key)}, static=key)
    assert browser.say(SIGN) == []
    assert browser.events == [SIGN]


def test_a_browser_is_known_after_both_said_yes_and_not_before() -> None:
    browser = Browser.joined(known=set())
    code = browser.pair_up_to_the_code()
    assert browser.events == [Compare(code, "Chromium")]
    browser.say(messages.PairConfirm())
    assert len(browser.events) == 1
    assert not browser.session.trusted
    (known,) = browser.session.owner_says(True)
    assert known == Known(browser.session.key or b"", "Chromium")
    assert not browser.session.trusted  # the key is not stored yet
    browser.session.welcome()
    assert browser.heard() == [messages.Paired(desktop="A desktop")]
    browser.say(SIGN)
    assert browser.events[-1] == SIGN


def test_the_owners_yes_alone_is_not_enough() -> None:
    browser = Browser.joined(known=set())
    browser.pair_up_to_the_code()
    assert browser.session.owner_says(True) == []
    (answer,) = browser.say(SIGN)
    assert isinstance(answer, messages.Refused) and answer.code == "not_paired"


def test_the_owners_no_ends_it_and_a_later_yes_counts_for_nothing() -> None:
    browser = Browser.joined(known=set())
    browser.pair_up_to_the_code()
    browser.session.owner_says(False)
    (answer,) = browser.heard()
    assert isinstance(answer, messages.Refused) and answer.code == "pairing_failed"
    assert browser.session.owner_says(True) == []
    (answer,) = browser.say(messages.PairConfirm())
    assert isinstance(answer, messages.Refused) and answer.code == "pairing_failed"


def test_confirming_before_a_code_was_shown_pairs_nothing() -> None:
    browser = Browser.joined(known=set())
    (answer,) = browser.say(messages.PairConfirm())
    assert isinstance(answer, messages.Refused) and answer.code == "pairing_failed"
    assert browser.session.owner_says(True) == []
    assert browser.events == []


def test_a_nonce_that_was_not_committed_to_ends_the_pairing() -> None:
    browser = Browser.joined(known=set())
    browser.say(messages.PairCommit(commitment=text(bytes(32)), browser="Chromium"))
    (answer,) = browser.say(messages.PairReveal(nonce=text(bytes(32))))
    assert isinstance(answer, messages.Refused) and answer.code == "pairing_failed"
    assert browser.events == []


def test_a_connection_has_one_attempt_and_the_agent_five() -> None:
    attempts = Attempts()
    for _ in range(5):
        browser = Browser.joined(known=set(), attempts=attempts)
        browser.pair_up_to_the_code()
    (again,) = browser.say(messages.PairCommit(commitment=text(bytes(32)), browser="Chromium"))
    assert isinstance(again, messages.Refused) and again.code == "pairing_failed"
    sixth = Browser.joined(known=set(), attempts=attempts)
    (answer,) = sixth.say(messages.PairCommit(commitment=text(bytes(32)), browser="Chromium"))
    assert isinstance(answer, messages.Refused) and answer.code == "pairing_failed"


def test_a_browser_cannot_speak_as_the_node() -> None:
    key = new_static_key()
    browser = Browser.joined(known={public(key)}, static=key)
    with pytest.raises(ProtocolError, match="does not speak for the node"):
        browser.say(messages.Connect(id="1", origin="node:sniper", family="evm"))
    assert browser.events == []


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"op":"approve","id":"1"}', b'{"op":"status","id":"1","more":1}']
)
def test_what_is_not_in_the_protocol_ends_the_session(body: bytes) -> None:
    key = new_static_key()
    browser = Browser.joined(known={public(key)}, static=key)
    (part,) = browser.channel.seal(body)
    with pytest.raises(ProtocolError) as caught:
        browser.session.receive(part)
    assert caught.value.code == "malformed"


def test_an_older_protocol_does_not_get_through_the_handshake() -> None:
    session = BrowserSession(new_static_key(), lambda _: True, Attempts(), "A desktop")
    shake = Handshake(initiator=True, static=new_static_key(), prologue=b"fluxdesk agent channel 0")
    session.receive(shake.write())
    with pytest.raises(Exception, match="damaged"):
        shake.read(session.outgoing.pop())
