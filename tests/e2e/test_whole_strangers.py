"""Strangers beside the real whole: a second browser, another extension, a host under the name of the bridge."""

import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import chromium
import dapp
import pytest
import pytest_asyncio
import whole
from chromium import Desk
from dapp import asks
from stand_in_agent import StandInAgent
from whole import EVM, MAIN, Home

from fluxdesk_host.bridge.identity import CALLER, HOST_NAME

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at_home() -> AsyncIterator[tuple[Home, Any]]:
    async with whole.practising() as found:
        yield found


def manifest(profile: Path) -> Path:
    """What the desktop wrote for a browser at its start."""
    return profile / "NativeMessagingHosts" / f"{HOST_NAME}.json"


async def phase(page: Any, name: str) -> Any:
    card = page.locator(f"[data-phase={name}]")
    await card.wait_for(timeout=chromium.WITHIN_MS)
    return card


async def test_each_browser_is_paired_for_itself_and_a_connected_site_is_a_stranger_in_the_other(
    at_home: tuple[Home, Any],
) -> None:
    home, context = at_home
    async with dapp.evm(home, context, EVM) as page, chromium.opened(home.second_profile) as second:
        assert await asks(page, "eth_accounts") == {"result": [EVM]}
        other = await second.new_page()
        await other.goto(page.url, wait_until="domcontentloaded")
        await other.evaluate(dapp.FIND_OURS)
        assert await asks(other, "eth_accounts") == {"result": []}
        for method in ("eth_requestAccounts", "personal_sign"):
            assert (await asks(other, method, "0x6869", EVM))["code"] in (4100, 4900)
        await phase(await chromium.popup(second), "not_paired")
        await whole.pair(home.person, second)
        assert await asks(other, "eth_requestAccounts") == {"result": [EVM]}


def another_extension(folder: Path) -> Path:
    """Ours to the last byte but for its key: another id."""
    shutil.copytree(chromium.built_extension(), folder)
    told = json.loads((folder / "manifest.json").read_text())
    del told["key"]
    (folder / "manifest.json").write_text(json.dumps(told))
    return folder


async def test_another_extension_is_refused_by_the_browser_and_by_the_bridge(
    at_home: tuple[Home, Any], tmp_path: Path
) -> None:
    home, _ = at_home
    profile = tmp_path / "profile"
    mine = manifest(profile)
    mine.parent.mkdir(parents=True)
    told = json.loads(manifest(home.browser_profile).read_text())
    assert told["allowed_origins"] == [CALLER]
    mine.write_text(json.dumps(told))
    async with chromium.opened(profile, another_extension(tmp_path / "extension")) as context:
        identifier = context.service_workers[0].url.split("/")[2]
        assert identifier not in CALLER
        page = await chromium.popup(context, identifier)
        await phase(page, "host_missing")
        # a program of the user may write itself into a manifest; then the bridge looks at who calls
        mine.write_text(json.dumps(told | {"allowed_origins": [f"chrome-extension://{identifier}/"]}))
        await page.get_by_role("button", name="Look again").click()
        await phase(page, "wrong_caller")


async def test_a_host_under_the_bridges_name_is_another_key_and_the_next_start_sets_it_right(
    at_home: tuple[Home, Any], tmp_path: Path
) -> None:
    home, context = at_home
    written = manifest(home.browser_profile).read_text()
    thief = Desk(tmp_path, StandInAgent(tmp_path / "run" / "agent.sock"))
    (tmp_path / "run").mkdir(mode=0o700)
    thief.install()
    await thief.agent.start()
    try:
        manifest(home.browser_profile).write_text(thief.manifest.read_text())
        home.kill("fluxdesk_host.bridge")
        page = await chromium.popup(context)
        await phase(page, "key_changed")
        assert thief.agent.asked == []
        await home.quit()
        await home.start()
        await whole.holds(lambda: manifest(home.browser_profile).read_text() == written)
        await whole.unlock(home.person)
        (bridge,) = whole.programs("fluxdesk_host.bridge", tmp_path)
        os.kill(bridge, signal.SIGKILL)
        await page.reload()
        await page.locator("#agent", has_text="Agent unlocked").wait_for()
        await home.person.reads(MAIN, "Agent unlocked")
    finally:
        await thief.agent.stop()
