"""In a session with a real secret service: the desktop's link has this device remembered, and opens the wallet with it.

`python -m integration.programs.desktop_remembers FOLDER` prints one JSON object. The agent is started without the key
ring, so that it has to be started anew for it.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

import keyring
import qasync

from agent_process import PASSPHRASE
from fluxdesk.client.agent import AgentRefused, secret_store
from fluxdesk.desktop.qt import QApplication
from fluxdesk_host.keystore import device
from gui.desktop.agent_desk import linked
from waiting import eventually, until
from windows import settle


def there() -> bool:
    keyring.core.init_backend()
    return device.available()


async def whole(folder: Path) -> dict[str, object]:
    told: dict[str, object] = {}
    async with linked(folder) as link:
        before = link.pid
        told["store"] = await secret_store()
        try:
            await link.remember(bytearray(b"wrong wrong wrong"))
        except AgentRefused as no:
            told["wrong passphrase"] = str(no)
        told["same agent"] = link.pid == before and link.state.unlocked
        await link.remember(bytearray(PASSPHRASE.encode()))
        told["another agent"] = link.pid != before
        told["open"] = link.state.unlocked
        told["remembered"] = (await link.device()).remembered
        link.lock()
        await settle(until=lambda: not link.state.unlocked)
        await link.unlock_remembered()
        told["accounts"] = len(await link.accounts())
        found = await link.device()
        told["device"] = [found.remembered, found.key_ring, found.store]
    async with linked(folder, unlock=False) as link:
        await link.unlock_remembered()
        told["after a restart"] = link.state.unlocked
        await link.forget_device()
        link.lock()
        await eventually(lambda: not link.state.unlocked)
        try:
            await link.unlock_remembered()
        except AgentRefused as no:
            told["forgotten"] = str(no)
    return told


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    until(there)
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app, already_running=False)
    asyncio.set_event_loop(loop)
    print(json.dumps(loop.run_until_complete(whole(Path(sys.argv[1])))))


if __name__ == "__main__":
    main()
