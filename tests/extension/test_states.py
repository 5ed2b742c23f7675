"""What the popup does beside looking: it starts Fluxdesk, disconnects sites, forgets a pairing, shows what is held."""

from typing import Any

import chromium
from chromium import WITHIN_MS, Desk
from opening import keep, kept_data
from sites import ask

from fluxdesk_host.bridge import launcher
from waiting import eventually


def install(desk: Desk, *start: str) -> None:
    """A manifest whose launcher starts this."""
    places = launcher.Places(desk.folder / "run", "agent.sock", "node.sock", start)
    desk.install(launcher.write(desk.folder / "bridge", places))


async def test_start_starts_fluxdesk_and_the_popup_goes_on_by_itself(desk: Desk) -> None:
    started = desk.folder / "started"
    install(desk, "/bin/sh", "-c", f"echo $0 > '{started}'")
    async with chromium.browser(desk) as context:
        page = await chromium.popup(context)
        await page.get_by_role("button", name="Start Fluxdesk").click(timeout=WITHIN_MS)
        await page.locator("[data-phase=starting]").wait_for(timeout=WITHIN_MS)
        await eventually(started.exists)
        await desk.agent.start()
        await page.locator("[data-phase=not_paired]").wait_for(timeout=WITHIN_MS)
        assert await page.locator("[data-phase=starting]").count() == 0
    await desk.agent.stop()


async def test_a_start_that_fails_is_said(desk: Desk) -> None:
    install(desk, str(desk.folder / "not-there"))
    async with chromium.browser(desk) as context:
        page = await chromium.popup(context)
        await page.get_by_role("button", name="Start Fluxdesk").click(timeout=WITHIN_MS)
        await page.locator(".card.bad", has_text="It did not start").wait_for(timeout=WITHIN_MS)


async def test_a_launcher_that_cannot_start_it_offers_no_button_that_does_nothing(desk: Desk) -> None:
    install(desk)
    async with chromium.browser(desk) as context:
        card = (await chromium.popup(context)).locator("[data-phase=app_not_running]")
        await card.get_by_role("button", name="Look again").wait_for(timeout=WITHIN_MS)
        assert await card.get_by_role("button").count() == 1


async def test_a_runtime_folder_that_is_open_to_others_is_not_used(desk: Desk) -> None:
    desk.install()
    (desk.folder / "run").chmod(0o755)
    async with chromium.browser(desk) as context:
        card = (await chromium.popup(context)).locator("[data-phase=unsafe_runtime]")
        await card.wait_for(timeout=WITHIN_MS)
        assert "chmod 700" in await card.inner_text()


async def tab_of(context: Any) -> int:
    tab: int = await context.service_workers[0].evaluate("async () => (await chrome.tabs.query({})).at(-1).id")
    return tab


async def test_the_site_of_the_tab_is_named_and_can_be_disconnected(page: Any, paired: Any, desk: Desk) -> None:
    await ask(page, "eth_requestAccounts")
    tab = await tab_of(paired)
    popup = await chromium.popup(paired)
    await popup.goto(f"{popup.url}?tab={tab}")
    site = popup.locator(".sites", has_text="1 account")
    await site.wait_for(timeout=WITHIN_MS)
    assert (await page.evaluate("location.host")) in await site.inner_text()
    await page.evaluate("window.heard = []; ethereum.on('accountsChanged', one => heard.push(one))")
    await site.get_by_role("button", name="Disconnect").click()
    await popup.locator(".sites", has_text="not connected").wait_for(timeout=WITHIN_MS)
    await page.wait_for_function("heard.length === 1 && heard[0].length === 0", timeout=WITHIN_MS)
    assert desk.agent.grants == {}


async def test_forgetting_asks_first_and_then_nothing_is_left_of_the_accounts(paired: Any) -> None:
    page = await chromium.popup(paired)
    await page.locator(".accounts .row").first.wait_for(timeout=WITHIN_MS)
    await page.get_by_role("button", name="Settings").click()
    await page.get_by_role("button", name="Forget the pairing").click()
    await page.get_by_role("button", name="Forget it").click()
    await page.get_by_role("button", name="Back").click()
    await page.locator("[data-phase=not_paired]").wait_for(timeout=WITHIN_MS)
    assert await page.locator(".accounts").count() == 0
    kept = await paired.service_workers[0].evaluate("() => chrome.storage.local.get()")
    assert "state" not in kept and "balances" not in kept


async def test_focus_and_choice_survive_what_changes_beside_them(desk: Desk) -> None:
    async with chromium.browser(desk) as context:
        await keep(context, kept_data())
        page = await chromium.popup(context)
        await page.locator(".accounts .row").first.wait_for(timeout=WITHIN_MS)
        copy = page.get_by_role("button", name="Copy 0x0000000000000000000000000000000000000003")
        await copy.focus()
        await page.get_by_role("combobox", name="Chain").select_option(label="Chain 5")
        await copy.focus()
        changed = "() => chrome.storage.local.set({ launchesHeard: Date.now(), heard: Date.now() })"
        await context.service_workers[0].evaluate(changed)
        await page.locator(".launches h2", has_text="heard 0 s ago").wait_for(timeout=WITHIN_MS)
        focused = await page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert focused == "Copy 0x0000000000000000000000000000000000000003"
        assert await page.get_by_role("combobox", name="Chain").input_value() == "eip155:5"
        await page.reload()
        assert await page.get_by_role("combobox", name="Chain").input_value() == "eip155:5"


async def test_dark_or_light_is_the_users_choice_and_is_there_before_anything_is_read(desk: Desk) -> None:
    async with chromium.browser(desk) as context:
        page = await chromium.popup(context)
        ground = "getComputedStyle(document.body).backgroundColor"
        await page.emulate_media(color_scheme="light")
        assert await page.evaluate(ground) == "rgb(255, 255, 255)"
        await page.get_by_role("button", name="Settings").click()
        await page.get_by_role("button", name="Dark").click()
        assert await page.evaluate(ground) == "rgb(15, 18, 23)"
        await page.reload(wait_until="domcontentloaded")
        assert await page.evaluate(ground) == "rgb(15, 18, 23)"


KEPT = "async () => JSON.stringify(await chrome.storage.local.get(['state', 'balances']))"


async def test_a_locked_wallet_leaves_no_account_behind_in_the_browser(paired: Any, desk: Desk) -> None:
    worker, address = paired.service_workers[0], desk.agent.accounts[0]
    page = await chromium.popup(paired)
    await page.locator(".accounts .row").first.wait_for(timeout=WITHIN_MS)
    assert address in await worker.evaluate(KEPT)
    desk.agent.locked = True
    desk.agent.changed()
    await page.locator("[data-phase=locked]").wait_for(timeout=WITHIN_MS)
    assert await page.locator(".accounts").count() == 0

    async def forgotten() -> bool:
        return address not in await worker.evaluate(KEPT)

    await eventually(forgotten)


async def test_a_desktop_that_closes_locks_first_and_is_still_shown_from_what_was_kept(paired: Any, desk: Desk) -> None:
    page = await chromium.popup(paired)
    await page.locator(".accounts .row").first.wait_for(timeout=WITHIN_MS)
    desk.agent.locked = True
    desk.agent.changed()
    await page.locator("[data-phase=locked]").wait_for(timeout=WITHIN_MS)
    await desk.agent.stop()
    await page.locator("[data-phase=app_not_running]").wait_for(timeout=WITHIN_MS)
    await page.locator(".accounts h2", has_text="heard").wait_for(timeout=WITHIN_MS)
    assert await page.locator(".accounts .row").count() == 2
    await desk.agent.start()
