"""A real agent behind the link of the desktop, with the wallet of the published test words."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agent_process import PASSPHRASE, Asker, make_keystore
from fluxdesk.core.paths import runtime_dir
from fluxdesk.desktop.agent_link import AgentLink
from windows import settle


@asynccontextmanager
async def linked(data: Path, wallet: bool = True, unlock: bool = True) -> AsyncIterator[AgentLink]:
    """An agent that answers; unlocked when there is a wallet."""
    os.environ["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    if wallet and not (data / "keystore.fdk").exists():
        make_keystore(data)
    link = AgentLink(data, "practice", data / "agent.out")
    link.start()
    try:
        await settle(until=lambda: link.state.phase == "up")
        await settle(until=lambda: "ready" in link.output.read_text())
        if wallet and unlock:
            await link.unlock(bytearray(PASSPHRASE.encode()))
        yield link
    finally:
        await link.close()
        link.deleteLater()
        await settle()


class Program:
    """A program of this user that asks on the agent's socket, as the node unless said otherwise."""

    def __init__(self) -> None:
        self._asker = Asker(str(runtime_dir() / "agent.sock"))

    async def ask(self, request: dict[str, object]) -> "asyncio.Future[dict[str, object]]":
        """Sends; the future has the answer."""
        self._asker.send(request)
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(None, lambda: self._asker.receive() or {})

    def close(self) -> None:
        self._asker.close()
