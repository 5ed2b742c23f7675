"""A connection that is closed while an answer is on its way, in Qt's loop."""

import asyncio
from pathlib import Path

import pytest

from fluxdesk.client import NodeClient, NodeUnreachable
from windows import Run


def test_what_is_asked_when_the_client_closes_fails_in_words_and_leaves_no_socket_behind(
    run: Run, tmp_path: Path
) -> None:
    """Qt would warn of a socket that is closed while it is watched, and a warning fails a test."""

    heard = asyncio.Semaphore(0)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        heard.release()
        await reader.read()
        writer.close()

    async def whole() -> None:
        tmp_path.chmod(0o700)
        server = await asyncio.start_unix_server(silent, tmp_path / "s")
        client = NodeClient(tmp_path / "s")
        for _ in range(20):
            asked = [asyncio.ensure_future(client.status()) for _ in range(3)]
            for _ in asked:
                await heard.acquire()
            await client.close()
            for one in asked:
                with pytest.raises(NodeUnreachable):
                    await one
        server.close()

    run(whole())
