"""Nobody talks the real agent down to an older protocol: not in the greeting, which is plain, nor in the handshake."""

import socket
from collections.abc import Iterator

import pytest

from agent_process import AgentProcess, Framed, transfer, unlocked
from fluxdesk_host.protocol import PROTOCOL
from fluxdesk_host.protocol.noise import Handshake, NoiseError, new_static_key
from fluxdesk_host.protocol.session import prologue


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentProcess]:
    folder = tmp_path_factory.mktemp("agent")
    (folder / "run").mkdir(mode=0o700)
    with unlocked(folder / "data", folder / "run") as process:
        yield process


@pytest.mark.parametrize("role", ["browser", "node"])
@pytest.mark.parametrize("theirs", [PROTOCOL - 1, PROTOCOL + 1])
def test_a_greeting_of_another_protocol_is_answered_once_and_ends(agent: AgentProcess, role: str, theirs: int) -> None:
    asker = _greeted(agent, role, theirs)
    said = asker.receive()
    assert said is not None
    assert (said["op"], said["code"]) == ("refused", "version_mismatch")
    try:
        asker.send(transfer())
    except OSError:
        pass  # it is closed already
    assert asker.receive() is None
    asker.close()


def test_a_greeting_of_today_with_a_handshake_of_yesterday_does_not_get_through(agent: AgentProcess) -> None:
    asker = _greeted(agent, "browser", PROTOCOL)
    yesterday = prologue().replace(b"%d" % PROTOCOL, b"%d" % (PROTOCOL - 1))
    assert yesterday != prologue()
    shake = Handshake(initiator=True, static=new_static_key(), prologue=yesterday)
    asker.send_raw(shake.write())
    with pytest.raises(NoiseError):
        shake.read(asker.receive_raw() or b"")
    asker.close()


def _greeted(agent: AgentProcess, role: str, protocol: int) -> Framed:
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.connect(agent.path)
    asker = Framed(link)
    asker.send({"op": "greeting", "protocol": protocol, "role": role})
    return asker
