"""What the node makes of whoever answers on the agent's socket. A real agent: integration/test_wallet_orders.py."""

import asyncio
import contextlib
import struct
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from fluxdesk.chains.sending.ports import SignerAway, SignRefused, SignRequest
from fluxdesk.core.chains import ChainId
from fluxdesk.core.paths import Mode
from fluxdesk.node.wallet_signer import LOCKED, NOT_RUNNING, AgentSigner
from fluxdesk_host.protocol import messages
from fluxdesk_host.protocol.frames import FrameReader, encode

ACCOUNT = "0x" + "ab" * 20
REQUEST = SignRequest("1-abc", ACCOUNT, ChainId("eip155:1"), "evm_tx", b'{"type":"0x2"}')
Answers = Callable[[messages.ToAgent], list[bytes]]


def state(locked: bool = False, mode: Mode = "live") -> Callable[[str], messages.State]:
    return lambda number: messages.State(locked, mode, [], [], [], number)  # type: ignore[arg-type]


class AgentStandin:
    """Greets nobody and answers as it is told to."""

    def __init__(self, answers: Answers) -> None:
        self._answers, self.heard = answers, list[messages.ToAgent]()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames, greeted = FrameReader(), False
        with contextlib.closing(writer):
            while data := await reader.read(4096):
                for frame in frames.feed(data):
                    if not greeted:
                        assert messages.greeting(frame).role == "node"
                        greeted = True
                        continue
                    self.heard.append(messages.to_agent(frame))
                    for answer in self._answers(self.heard[-1]):
                        writer.write(answer)


@contextlib.asynccontextmanager
async def signer_before(answers: Answers, mode: Mode = "live") -> AsyncIterator[tuple[AgentSigner, AgentStandin]]:
    standin = AgentStandin(answers)
    with tempfile.TemporaryDirectory(prefix="fd-s-") as folder:
        path = Path(folder) / "a.sock"
        server = await asyncio.start_unix_server(standin.serve, path)
        signer = AgentSigner(path, mode)
        try:
            yield signer, standin
        finally:
            await signer.close()
            server.close()


def framed(message: messages.FromAgent) -> bytes:
    return encode(messages.encode(message))


def open_and(answer: Callable[[messages.Sign], messages.FromAgent]) -> Answers:
    def answers(message: messages.ToAgent) -> list[bytes]:
        if isinstance(message, messages.Status):
            return [framed(state()(message.id))]
        return [framed(answer(message))] if isinstance(message, messages.Sign) else []

    return answers


async def test_it_asks_as_the_wallet_of_the_node_under_another_id_each_time() -> None:
    async with signer_before(open_and(lambda m: messages.Signed(m.id, "0x02ab"))) as (signer, standin):
        assert [await signer.sign(REQUEST) for _ in range(2)] == [b"\x02\xab"] * 2
        asked = [message for message in standin.heard if isinstance(message, messages.Sign)]
        assert {(m.origin, m.account, m.payload["type"]) for m in asked if isinstance(m.payload, dict)} == {
            ("node:wallet", f"evm:{ACCOUNT}", "0x2")
        }
        assert len({message.id for message in asked}) == 2


@pytest.mark.parametrize(("code", "away"), [("locked", True), ("too_many", True), ("policy", False), ("failed", False)])
async def test_a_refusal_is_of_the_request_or_of_the_moment(code: str, away: bool) -> None:
    async with signer_before(open_and(lambda m: messages.Refused(code, "Because.", m.id))) as (signer, _):
        with pytest.raises(SignerAway if away else SignRefused, match="locked" if code == "locked" else "Because"):
            await signer.sign(REQUEST)


@pytest.mark.parametrize(
    ("told", "words"), [(state(locked=True), LOCKED), (state(mode="practice"), "the practice profile")]
)
async def test_a_locked_agent_or_one_of_another_profile_is_not_asked(
    told: Callable[[str], messages.State], words: str
) -> None:
    def answers(message: messages.ToAgent) -> list[bytes]:
        return [framed(told(message.id))] if isinstance(message, messages.Status) else []

    async with signer_before(answers) as (signer, standin):
        with pytest.raises(SignerAway, match=words):
            await signer.sign(REQUEST)
        assert not any(isinstance(message, messages.Sign) for message in standin.heard)


@pytest.mark.parametrize(
    "junk", [b"\x02\x00\x00\x00{}", b"\x05\x00\x00\x00[[[[[", struct.pack("<I", 1 << 30), b"\x01\x00\x00\x00\xff"]
)
async def test_what_is_no_answer_ends_the_link_and_the_payment_waits(junk: bytes) -> None:
    async with signer_before(lambda _: [junk]) as (signer, _):
        for _ in range(2):  # and the next time there is a new link
            with pytest.raises(SignerAway, match=NOT_RUNNING):
                await signer.sign(REQUEST)


async def test_a_request_that_is_given_up_is_taken_back() -> None:
    def answers(message: messages.ToAgent) -> list[bytes]:
        return [framed(state()(message.id))] if isinstance(message, messages.Status) else []

    async with signer_before(answers) as (signer, standin):
        task = asyncio.create_task(signer.sign(REQUEST))
        while not any(isinstance(message, messages.Sign) for message in standin.heard):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        while not isinstance(standin.heard[-1], messages.Cancel):
            await asyncio.sleep(0)
        asked = next(message for message in standin.heard if isinstance(message, messages.Sign))
        assert standin.heard[-1] == messages.Cancel(asked.id)


async def test_a_folder_that_is_open_to_others_is_not_believed() -> None:
    async with signer_before(open_and(lambda m: messages.Signed(m.id, "0x02"))) as (signer, standin):
        signer._path.parent.chmod(0o755)
        with pytest.raises(SignerAway, match="open to others"):
            await signer.sign(REQUEST)
        assert standin.heard == []
