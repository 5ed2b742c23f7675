"""The popup tells apart what can be wrong, and each has its way out."""

import stat
import sys
from pathlib import Path
from typing import Any

import chromium
from chromium import WITHIN_MS, Desk

from fluxdesk_host.protocol.messages import Waiting
from fluxdesk_host.protocol.noise import new_static_key
from waiting import eventually


async def phase(page: Any, name: str) -> Any:
    card = page.locator(f"[data-phase={name}]")
    await card.wait_for(timeout=WITHIN_MS)
    return card


async def test_a_browser_without_a_manifest_is_told_from_an_app_that_does_not_run(desk: Desk) -> None:
    async with chromium.browser(desk) as context:
        page = await chromium.popup(context)
        await phase(page, "host_missing")
        desk.install()
        await page.get_by_role("button", name="Look again").click()
        card = await phase(page, "app_not_running")
        assert await card.get_by_role("button", name="Start Fluxdesk").is_visible()


async def test_versions_that_do_not_fit_are_said(desk: Desk) -> None:
    program = desk.folder / "stand-in-bridge"
    program.write_text(
        f"#!{sys.executable}\nimport sys, struct\nsys.stdin.buffer.read(4)\n"
        'b = b\'{"op":"failed","code":"version_mismatch","reason":"Update the extension."}\'\n'
        'sys.stdout.buffer.write(struct.pack("<I", len(b)) + b); sys.stdout.flush(); sys.stdin.buffer.read()\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    desk.install(program)
    async with chromium.browser(desk) as context:
        card = await phase(await chromium.popup(context), "version_mismatch")
        assert "Update the extension." in await card.inner_text()


async def test_pairing_shows_the_same_digits_and_needs_both_to_say_yes(desk: Desk) -> None:
    desk.install()
    await desk.agent.start()
    async with chromium.browser(desk) as context:
        page = await chromium.popup(context)
        await phase(page, "not_paired")
        await page.get_by_role("button", name="Pair with Fluxdesk").click()
        await page.locator(".digits").wait_for(timeout=WITHIN_MS)
        desk.agent.owner_says(True)
        await page.get_by_role("button", name="They differ").click()
        await phase(page, "not_paired")
        assert desk.agent.known == set()
        await chromium.pair(context, desk)
    await desk.agent.stop()


async def test_the_pairing_outlives_the_browser_and_a_changed_key_is_refused(desk: Desk) -> None:
    desk.install()
    await desk.agent.start()
    async with chromium.browser(desk) as context:
        await chromium.pair(context, desk)
    async with chromium.browser(desk) as context:
        page = await chromium.popup(context)
        await page.locator("#agent", has_text="Agent unlocked").wait_for(timeout=WITHIN_MS)
        await desk.agent.stop()
        await phase(page, "app_not_running")
        desk.agent.static = new_static_key()  # another program has taken the agent's place
        desk.agent.asked.clear()
        await desk.agent.start()
        await page.get_by_role("button", name="Start Fluxdesk").wait_for()
        await page.reload()
        card = await phase(page, "key_changed")
        assert desk.agent.asked == []
        await card.get_by_role("button", name="Forget the old pairing").click()
        await phase(page, "not_paired")
    await desk.agent.stop()


async def test_locked_is_said_and_no_account_is_shown(paired: Any, desk: Desk) -> None:
    page = await chromium.popup(paired)
    await page.locator(".accounts .row").first.wait_for(timeout=WITHIN_MS)
    desk.agent.locked = True
    desk.agent.changed()
    await phase(page, "locked")
    assert await page.locator(".accounts").count() == 0


async def test_a_waiting_request_can_be_looked_at_but_not_approved(paired: Any, desk: Desk, tmp_path: Path) -> None:
    page = await chromium.popup(paired)
    await page.locator(".accounts .row").first.wait_for(timeout=WITHIN_MS)
    sentence = "asks for an unlimited USDC permit."
    desk.agent.waiting = [Waiting("1", "https://app.example", sentence, 4, 4_000_000_000_000)]
    desk.agent.changed()
    card = page.locator(".card", has_text="1 request is waiting")
    await card.wait_for(timeout=WITHIN_MS)
    assert "Danger: high." in await card.inner_text()
    assert [await one.inner_text() for one in await card.get_by_role("button").all()] == [
        "Review in the Fluxdesk window"
    ]
    await page.screenshot(path=tmp_path / "popup.png")


async def test_the_popup_works_from_what_it_kept_and_says_how_old_that_is(paired: Any, desk: Desk) -> None:
    page = await chromium.popup(paired)
    await page.locator(".accounts .row").first.wait_for(timeout=WITHIN_MS)
    await desk.agent.stop()
    await phase(page, "app_not_running")
    await page.close()
    page = await chromium.popup(paired)
    await phase(page, "app_not_running")
    await eventually(lambda: page.locator(".accounts h2").inner_text())
    assert "heard" in await page.locator(".accounts h2").inner_text()
    assert await page.locator(".accounts .row").count() == 2
    await desk.agent.start()
