"""Pages, frames and extensions that mean harm: what they reach, and that others are served all the same."""

import json
from pathlib import Path
from typing import Any

import chromium
from chromium import WITHIN_MS, Desk
from sites import ask

from fluxdesk_host.bridge.identity import EXTENSION_ID, HOST_NAME
from fluxdesk_host.protocol import messages

FLOOD = """() => Promise.all(Array.from({ length: 800 }, () =>
  ethereum.request({ method: 'eth_blockNumber' }).then(() => 0, error => error.code)))"""


async def test_a_page_that_floods_is_told_so_and_another_site_is_served(page: Any, paired: Any, tmp_path: Path) -> None:
    codes = await page.evaluate(FLOOD)
    assert codes.count(-32005) >= 600
    with chromium.served(tmp_path) as address:
        other = await paired.new_page()
        await other.goto(address)
        assert (await ask(other, "eth_requestAccounts"))["result"] != []


async def test_what_is_too_long_is_refused_and_the_link_stays(page: Any, desk: Desk) -> None:
    (account,) = (await ask(page, "eth_requestAccounts"))["result"]
    for size in (500_000, 2_000_000):
        huge = "params => ethereum.request(params).then(() => 0, error => error.code)"
        text = "0x" + "00" * (size // 2)
        for method, params in (("eth_call", [{"data": text}]), ("personal_sign", [text, account])):
            assert await page.evaluate(huge, {"method": method, "params": params}) == -32602
    assert not any(isinstance(one, messages.Sign) for one in desk.agent.asked)
    assert "result" in await ask(page, "personal_sign", "0x6869", account)


async def test_words_that_are_no_request_are_not_answered_and_do_no_harm(page: Any) -> None:
    await page.evaluate("""() => {
      for (const data of [null, 1, [], {}, { id: 'x', method: 'eth_accounts' }, { id: 901, method: {}, family: 'evm' },
        { again: true }, { id: 902, method: '__proto__', family: 'constructor', params: { __proto__: { x: 1 } } }])
        postMessage(typeof data === 'object' && data ? { to: 'fluxdesk:worker', ...data } : data, origin)
    }""")
    assert await ask(page, "eth_accounts") == {"result": []}
    for method in ("__proto__", "constructor", "toString", "hasOwnProperty"):
        assert (await ask(page, method))["code"] == 4200
    assert (await ask(page, "eth_accounts", {"__proto__": {"x": 1}}))["result"] == []


async def test_frames_get_nothing_whatever_their_origin(page: Any, desk: Desk, tmp_path: Path) -> None:
    await ask(page, "eth_requestAccounts")
    desk.agent.asked.clear()
    inside = """<script>
      let heard = 'silence'
      addEventListener('message', e => { if (e.data && e.data.to === 'fluxdesk:page') heard = 'answered' })
      postMessage({ to: 'fluxdesk:worker', id: 1, family: 'evm', method: 'eth_requestAccounts', params: [] }, '*')
      setTimeout(() => parent.postMessage({ heard, provider: typeof window.ethereum }, '*'), 700)
    </script>"""
    (tmp_path / "frame.html").write_text(inside)
    framed = """html => new Promise(resolve => {
      const found = []
      addEventListener('message', e => {
        if (e.data && e.data.heard) { found.push(e.data); found.length === 3 && resolve(found) }
      })
      const elsewhere = location.href.replace('localhost', '127.0.0.1') + 'frame.html'
      for (const [name, value] of [['src', '/frame.html'], ['srcdoc', html], ['src', elsewhere]]) {
        const frame = document.createElement('iframe'); frame.setAttribute(name, value); document.body.append(frame)
      }
    })"""
    assert await page.evaluate(framed, inside) == [{"heard": "silence", "provider": "undefined"}] * 3
    assert desk.agent.asked == []


async def test_a_second_extension_reaches_neither_worker_nor_bridge(desk: Desk) -> None:
    other = desk.folder / "other"
    other.mkdir()
    manifest = {"manifest_version": 3, "name": "Other", "version": "1", "permissions": ["nativeMessaging"]}
    (other / "manifest.json").write_text(json.dumps(manifest | {"background": {"service_worker": "w.js"}}))
    (other / "w.js").write_text("")
    desk.install()
    await desk.agent.start()
    async with chromium.opened(desk.profile, Path(f"{chromium.built_extension()},{other}")) as context:
        if len(context.service_workers) < 2:
            await context.wait_for_event("serviceworker")
        mine = next(one for one in context.service_workers if EXTENSION_ID not in one.url)
        knock = """([id, name]) => new Promise(resolve => {
          const port = chrome.runtime.connect(id, { name })
          port.onMessage.addListener(message => resolve('heard ' + JSON.stringify(message)))
          port.onDisconnect.addListener(() => resolve('closed: ' + (chrome.runtime.lastError?.message ?? '')))
          port.postMessage({ id: 1, family: 'evm', method: 'eth_requestAccounts', params: [], do: 'look' })
        })"""
        for name in ("page", "popup"):
            assert (await mine.evaluate(knock, [EXTENSION_ID, name])).startswith("closed")
        native = """name => new Promise(resolve => {
          const port = chrome.runtime.connectNative(name)
          port.onMessage.addListener(message => resolve('heard ' + JSON.stringify(message)))
          port.onDisconnect.addListener(() => resolve(chrome.runtime.lastError?.message ?? ''))
          port.postMessage({ op: 'hello', protocol: 1, version: '1' })
        })"""
        assert "forbidden" in await mine.evaluate(native, HOST_NAME)
    await desk.agent.stop()


async def test_the_browsers_key_cannot_be_taken_out_and_pages_reach_no_storage(page: Any, paired: Any) -> None:
    worker = next(one for one in paired.service_workers if EXTENSION_ID in one.url)
    take = """() => new Promise(resolve => {
      const asked = indexedDB.open('identity', 1)
      asked.onsuccess = () => {
        const got = asked.result.transaction('keys').objectStore('keys').get('own')
        got.onsuccess = async () => {
          const { privateKey } = got.result
          const tried = await Promise.all(['raw', 'jwk', 'pkcs8'].map(form =>
            crypto.subtle.exportKey(form, privateKey).then(() => 'out', e => e.name)))
          resolve([privateKey.type, privateKey.extractable, ...tried])
        }
      }
    })"""
    assert await worker.evaluate(take) == ["private", False, *["InvalidAccessError"] * 3]
    kept = json.dumps(await worker.evaluate("() => chrome.storage.local.get()"))
    assert not any(word in kept for word in ("private", "passphrase", "mnemonic", "seed"))
    assert await page.evaluate("typeof chrome === 'undefined' || typeof chrome.storage") in (True, "undefined")
    # a page can neither open the popup in a frame nor read it
    framed = """id => new Promise(resolve => {
      const frame = document.createElement('iframe'); frame.src = `chrome-extension://${id}/popup.html`
      frame.onload = () => resolve(frame.contentDocument === null ? 'blocked' : 'read')
      frame.onerror = () => resolve('blocked'); document.body.append(frame)
    })"""
    assert await page.evaluate(framed, EXTENSION_ID) == "blocked"
    assert (
        await page.evaluate(
            "id => fetch(`chrome-extension://${id}/popup.html`).then(() => 'read', () => 'refused')", EXTENSION_ID
        )
        == "refused"
    )


async def test_the_popup_runs_no_script_that_is_not_its_own(paired: Any) -> None:
    popup = await chromium.popup(paired)
    await popup.locator(".accounts .row").first.wait_for(timeout=WITHIN_MS)
    injected = """() => {
      const script = document.createElement('script')
      script.textContent = 'window.ran = true'
      document.head.append(script)
      return window.ran
    }"""
    assert await popup.evaluate(injected) is None
    assert await popup.evaluate("fetch('https://example.com').then(() => 'left', () => 'refused')") == "refused"


async def test_what_a_chain_names_cannot_hide_or_turn_other_text(paired: Any) -> None:
    launch = {
        "mint": "m" * 40,
        "symbol": "A\u202eB",
        "name": "<img src=x onerror=1>\u200b\n",
        "seen_ms": 1,
        "worth": None,
        "unit": "",
        "change": None,
    }
    popup = await chromium.popup(paired)
    await popup.evaluate("launch => chrome.storage.local.set({ launches: [launch], launchesHeard: 1 })", launch)
    row = popup.locator(".launch")
    await row.wait_for(timeout=WITHIN_MS)
    text = await row.inner_text()
    assert "A▯B" in text and "<img src=x onerror=1>▯▯" in text
    assert await popup.locator(".launch img").count() == 0
