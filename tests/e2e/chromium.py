"""Real Chromium with the built extension, the real bridge, and a runtime folder of its own; what tests say to it."""

import base64
import contextlib
import functools
import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from stand_in_agent import StandInAgent

import needs
from fluxdesk_host.bridge import launcher
from fluxdesk_host.bridge.identity import CALLER, EXTENSION_ID, HOST_NAME

EXTENSION = needs.ROOT / "extension"
DAPPS = Path(__file__).parent / "dapps"
WITHIN_MS = 90_000


@functools.cache
def built_extension() -> Path:
    """dist/extension, built anew from what is there. Needs npm's packages of extension/."""
    needs.require("extension/node_modules", (EXTENSION / "node_modules").is_dir(), "run `npm ci` in extension")
    subprocess.run(["node", "build.mjs"], cwd=EXTENSION, check=True, capture_output=True)
    return EXTENSION / "dist" / "extension"


def dapp(name: str) -> Path:
    """The folder with a test dApp's pages."""
    found = [one / "dist" for one in DAPPS.glob(f"{name}-[0-9]*")]
    needs.require(name, found, "run `sh packaging/setup/test_dapps.sh`")
    return found[0]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder at an address of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://localhost:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Desk:
    """A runtime folder with a stand-in agent, and a browser profile whose manifest names the real bridge."""

    folder: Path
    agent: StandInAgent

    @property
    def profile(self) -> Path:
        return self.folder / "profile"

    @property
    def manifest(self) -> Path:
        return self.profile / "NativeMessagingHosts" / f"{HOST_NAME}.json"

    def install(self, program: Path | None = None) -> None:
        """Writes the manifest; `program` stands in for the bridge."""
        places = launcher.Places(self.folder / "run", "agent.sock", "node.sock", ("true",))
        path = program or launcher.write(self.folder / "bridge", places)
        self.manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest = {
            "name": HOST_NAME,
            "description": "x",
            "path": str(path),
            "type": "stdio",
            "allowed_origins": [CALLER],
        }
        self.manifest.write_text(json.dumps(manifest))


@contextlib.asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    """Nothing in it runs yet."""
    folder = Path(tempfile.mkdtemp(prefix="fluxdesk-e2e-"))
    (folder / "run").mkdir(mode=0o700)
    try:
        yield Desk(folder, StandInAgent(folder / "run" / "agent.sock"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.asynccontextmanager
async def opened(profile: Path, extension: Path | None = None) -> AsyncIterator[Any]:
    """A Playwright context of a browser profile, with the extension in it. Nothing but this machine can be reached."""
    from playwright.async_api import async_playwright

    program = needs.program("chromium")
    extension = extension or built_extension()
    arguments = ["--no-sandbox", f"--load-extension={extension}", f"--disable-extensions-except={extension}"]
    arguments.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1")
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=program,
            headless=False,
            args=["--headless=new", *arguments],
            viewport={"width": 1200, "height": 900},
        )
        try:
            if not context.service_workers:
                await context.wait_for_event("serviceworker")
            context.set_default_timeout(WITHIN_MS)
            yield context
        finally:
            await context.close()


@contextlib.asynccontextmanager
async def browser(desk: Desk) -> AsyncIterator[Any]:
    """That of a desk."""
    async with opened(desk.profile) as context:
        yield context


async def popup(context: Any, extension_id: str = EXTENSION_ID) -> Any:
    """The popup, opened as a page of its size."""
    page = await context.new_page()
    await page.set_viewport_size({"width": 360, "height": 560})
    await page.goto(f"chrome-extension://{extension_id}/popup.html")
    return page


async def pair(context: Any, desk: Desk) -> None:
    """Both sides say yes to the same digits."""
    page = await popup(context)
    await page.get_by_role("button", name="Pair with Fluxdesk").click(timeout=WITHIN_MS)
    await page.locator(".digits").wait_for(timeout=WITHIN_MS)
    assert await page.locator(".digits").inner_text() == desk.agent.codes[-1]
    await page.get_by_role("button", name="They are the same").click()
    await page.locator("[data-phase=confirmed]").wait_for(timeout=WITHIN_MS)
    desk.agent.owner_says(True)
    await page.locator("#agent", has_text="Agent unlocked").wait_for(timeout=WITHIN_MS)
    await page.close()


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def unb64(text: str) -> bytes:
    return base64.b64decode(text)
