"""MetaMask's test dApps, unmodified, in Chromium with the real bridge; signatures are checked here and by the dApp."""

import asyncio
import base64
import json
import urllib.request
from pathlib import Path
from typing import Any

import chromium
import pytest
import stand_in_node
from chromium import WITHIN_MS, Desk
from stand_in_agent import EVM_PRIVATE

from fluxdesk_host.keys.addresses import evm_address, solana_address
from fluxdesk_host.keys.base58 import b58decode
from fluxdesk_host.keys.curves import verify_ed25519
from fluxdesk_host.keys.eip191 import personal_hash, signer
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.protocol import messages
from waiting import eventually

ADDRESS = evm_address(Secret(bytearray(EVM_PRIVATE))).lower()

ASK = """async ([method, params]) => {
  try { return { result: await window.ethereum.request({ method, params }) } }
  catch (error) { return { code: error.code, message: error.message } }
}"""
"""To be asked of the plain site: the test dApp puts another provider in the place of `window.ethereum`."""


async def ask(page: Any, method: str, *params: object) -> dict[str, Any]:
    answer: dict[str, Any] = await page.evaluate(ASK, [method, list(params)])
    return answer


@pytest.fixture
async def evm(paired: Any, tmp_path: Path) -> Any:
    """A plain site of two lines, loaded."""
    (tmp_path / "index.html").write_text("<!doctype html><title>A site</title>")
    with chromium.served(tmp_path) as address:
        page = await paired.new_page()
        await page.goto(address)
        yield page
        await page.close()


async def press(page: Any, name: str) -> None:
    await page.evaluate("name => document.getElementById(name).click()", name)


async def shows(page: Any, name: str, text: str) -> None:
    await page.locator(f"#{name}", has_text=text).wait_for(timeout=WITHIN_MS)


async def test_the_evm_dapp_finds_connects_signs_and_sends(paired: Any, desk: Desk) -> None:
    node = stand_in_node.node(desk.folder / "run" / "node.sock")
    with node as chain, chromium.served(chromium.dapp("metamask-test-dapp")) as address:
        page = await paired.new_page()
        await page.goto(address, wait_until="domcontentloaded", timeout=3 * WITHIN_MS)
        await page.locator("#activeProviderName", has_text="Fluxdesk").wait_for(timeout=2 * WITHIN_MS)
        await press(page, "connectButton")
        await shows(page, "accounts", ADDRESS)
        await shows(page, "chainId", "0x1")
        await press(page, "personalSign")
        await shows(page, "personalSignResult", "0x")
        signature = chromium.unhex(await page.locator("#personalSignResult").inner_text())
        (sign,) = [one for one in desk.agent.asked if isinstance(one, messages.Sign)]
        assert isinstance(sign.payload, str)
        assert "0x" + signer(personal_hash(base64.b64decode(sign.payload)), signature).hex() == ADDRESS
        await press(page, "signTypedDataV4")
        await shows(page, "signTypedDataV4Result", "0x")
        await press(page, "signTypedDataV4Verify")
        await shows(page, "signTypedDataV4VerifyResult", ADDRESS)
        assert rpc(chain, "eth_getTransactionCount", ADDRESS, "latest") == "0x0"
        await press(page, "sendEIP1559Button")
        await eventually(lambda: rpc(chain, "eth_getTransactionCount", ADDRESS, "latest") == "0x1")
        asked = [one for one in desk.agent.asked if isinstance(one, messages.Sign)]
        assert {one.origin for one in asked} == {address.rstrip("/")}
        assert [one.kind for one in asked][:3] == ["evm_message", "evm_typed", "evm_tx"]
        await page.close()


async def test_the_popup_shows_the_newest_launches_with_their_age(paired: Any, desk: Desk) -> None:
    with stand_in_node.node(desk.folder / "run" / "node.sock"):
        page = await chromium.popup(paired)
        await page.locator(".launches .row", has_text="KELPO").wait_for()
    await page.reload()
    await page.locator(".launches .row", has_text="KELPO").wait_for()
    assert "heard" in await page.locator(".launches h2").inner_text()
    await page.locator("#agent", has_text="Node not running").wait_for()


def rpc(address: str, method: str, *params: object) -> object:
    """Asks the chain itself, past everything that is tested."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        found: object = json.load(answer)["result"]
    return found


async def test_before_it_is_connected_a_site_gets_nothing(evm: Any, desk: Desk) -> None:
    assert await ask(evm, "eth_accounts") == {"result": []}
    assert (await ask(evm, "personal_sign", "0x6869", ADDRESS))["code"] == 4100
    assert (await ask(evm, "eth_sendTransaction", {"from": ADDRESS, "to": ADDRESS}))["code"] == 4100
    assert not any(isinstance(one, messages.Sign) for one in desk.agent.asked)


async def test_a_no_is_4001_and_what_is_not_offered_4200(evm: Any, desk: Desk) -> None:
    await ask(evm, "eth_requestAccounts")
    desk.agent.rejects = True
    assert (await ask(evm, "personal_sign", "0x6869", ADDRESS))["code"] == 4001
    for method in ("eth_sign", "eth_signTransaction", "wallet_export", "eth_sendRawTransaction", "anvil_setBalance"):
        assert (await ask(evm, method, ADDRESS, "0x00"))["code"] == 4200
    for wrong in ("null", "{}", "{method: 1}", "{method: 'eth_chainId', params: 'x'}"):
        answer = await evm.evaluate(f"window.ethereum.request({wrong}).catch(error => error.code)")
        assert answer in (-32600, -32602)


async def test_locking_in_between_takes_the_accounts_away_with_an_event(evm: Any, desk: Desk) -> None:
    await ask(evm, "eth_requestAccounts")
    await evm.evaluate("window.heard = []; ethereum.on('accountsChanged', accounts => heard.push(accounts))")
    desk.agent.locked = True
    desk.agent.changed()
    await evm.wait_for_function("window.heard.at(-1)?.length === 0", timeout=WITHIN_MS)
    assert (await ask(evm, "personal_sign", "0x6869", ADDRESS))["code"] == 4100
    desk.agent.locked = False
    desk.agent.changed()
    await evm.wait_for_function("window.heard.at(-1)?.length === 1", timeout=WITHIN_MS)
    assert await evm.evaluate("window.heard") == [[], [ADDRESS]]


async def test_closing_the_desktop_in_between_is_4900_and_it_goes_on_when_it_is_back(evm: Any, desk: Desk) -> None:
    await ask(evm, "eth_requestAccounts")
    await evm.evaluate("window.heard = []; ethereum.on('disconnect', error => heard.push(error.code))")
    await desk.agent.stop()
    await evm.wait_for_function("window.heard.length === 1 && window.heard[0] === 4900", timeout=WITHIN_MS)
    assert (await ask(evm, "eth_requestAccounts"))["code"] == 4900
    await desk.agent.start()
    assert await ask(evm, "eth_requestAccounts") == {"result": [ADDRESS]}
    assert "result" in await ask(evm, "personal_sign", "0x6869", ADDRESS)


async def test_closing_the_desktop_ends_a_request_that_waits(evm: Any, desk: Desk) -> None:
    await ask(evm, "eth_requestAccounts")
    desk.agent.waits = True
    asked = evm.evaluate(ASK, ["personal_sign", ["0x6869", ADDRESS]])
    waiting = asyncio.ensure_future(asked)
    await eventually(lambda: any(isinstance(one, messages.Sign) for one in desk.agent.asked))
    await desk.agent.stop()
    assert (await waiting)["code"] == 4900
    desk.agent.waits = False
    await desk.agent.start()


async def test_switching_the_chain_is_told_to_the_site(evm: Any) -> None:
    await ask(evm, "eth_requestAccounts")
    await evm.evaluate("window.heard = []; ethereum.on('chainChanged', chain => heard.push(chain))")
    assert await ask(evm, "wallet_switchEthereumChain", {"chainId": "0xa"}) == {"result": None}
    await evm.wait_for_function("window.heard.length === 1 && window.heard[0] === '0xa'", timeout=WITHIN_MS)
    assert await ask(evm, "eth_chainId") == {"result": "0xa"}
    assert (await ask(evm, "wallet_switchEthereumChain", {"chainId": "0x539"}))["code"] == 4902
    assert await ask(evm, "wallet_revokePermissions", {"eth_accounts": {}}) == {"result": None}
    assert await ask(evm, "eth_accounts") == {"result": []}


async def test_a_page_cannot_name_another_origin_nor_another_account(evm: Any, desk: Desk) -> None:
    await ask(evm, "eth_requestAccounts")
    desk.agent.asked.clear()
    forged = {
        "to": "fluxdesk:worker",
        "id": 99,
        "family": "evm",
        "method": "personal_sign",
        "params": ["0x6869", ADDRESS],
    }
    forged |= {"origin": "https://bank.example", "sender": {"origin": "https://bank.example"}}
    heard = "forged => new Promise(r => { addEventListener('message', e => e.data.id === 99 && "
    heard += "e.data.to === 'fluxdesk:page' && r(e.data)); postMessage(forged, location.origin) })"
    assert "result" in await evm.evaluate(heard, forged)
    (sign,) = [one for one in desk.agent.asked if isinstance(one, messages.Sign)]
    assert sign.origin == await evm.evaluate("location.origin")
    assert (await ask(evm, "personal_sign", "0x6869", "0x" + "1" * 40))["code"] == 4100


async def test_a_frame_gets_no_provider_and_cannot_reach_the_worker(evm: Any) -> None:
    inside = "() => new Promise(r => { const f = document.createElement('iframe'); f.src = location.href; "
    inside += "f.onload = () => r([typeof f.contentWindow.ethereum]); document.body.append(f) })"
    assert await evm.evaluate(inside) == ["undefined"]


async def test_a_page_that_pollutes_its_prototypes_changes_nothing_for_the_agent(evm: Any, desk: Desk) -> None:
    await ask(evm, "eth_requestAccounts")
    desk.agent.asked.clear()
    await evm.evaluate(
        "Object.prototype.account = 'evm:0x' + '1'.repeat(40); Object.prototype.origin = 'https://bank.example'; "
        "Array.prototype.toJSON = () => ['0x00']"
    )
    assert "result" in await ask(evm, "personal_sign", "0x6869", ADDRESS)
    (sign,) = [one for one in desk.agent.asked if isinstance(one, messages.Sign)]
    assert (sign.account.lower(), sign.payload) == (f"evm:{ADDRESS}", base64.b64encode(b"hi").decode())
    assert sign.origin.startswith("http://localhost")


async def test_a_site_that_asks_too_often_is_told_so(evm: Any) -> None:
    codes = await evm.evaluate(
        "() => Promise.all(Array.from({ length: 12 }, () => ethereum.request({ method: 'wallet_switchEthereumChain', "
        "params: [{ chainId: '0x539' }] }).catch(error => error.code)))"
    )
    assert -32005 in codes
    assert codes.count(-32005) == 7


async def test_a_number_that_was_rounded_is_not_signed(evm: Any, desk: Desk) -> None:
    await ask(evm, "eth_requestAccounts")
    data = {
        "types": {"EIP712Domain": [], "M": [{"name": "n", "type": "uint256"}]},
        "domain": {},
        "primaryType": "M",
        "message": {},
    }
    text = json.dumps(data).replace('"message": {}', '"message": {"n": 9007199254740993}')
    assert (await ask(evm, "eth_signTypedData_v4", ADDRESS, text))["code"] == -32602
    assert not any(isinstance(one, messages.Sign) for one in desk.agent.asked)


async def test_the_solana_dapp_connects_and_its_signed_message_verifies(paired: Any, desk: Desk) -> None:
    with chromium.served(chromium.dapp("metamask-test-dapp-solana")) as address:
        page = await paired.new_page()
        await page.goto(address, wait_until="domcontentloaded", timeout=3 * WITHIN_MS)
        await page.locator('[data-testid="testpage.header.connect"]').first.click(timeout=WITHIN_MS)
        await page.locator(".wallet-adapter-modal-list li", has_text="Fluxdesk").first.click(timeout=WITHIN_MS)
        await page.locator('[data-testid="testpage.header.connectionstatus"]', has_text="Connected").wait_for(
            timeout=WITHIN_MS
        )
        await page.evaluate("document.querySelector('[data-testid=\"testpage.signmessage.signmessage\"]').click()")
        signed = page.locator('[data-testid="testpage.signmessage.signedmessage"]')
        await signed.wait_for(timeout=WITHIN_MS)
        (sign,) = [one for one in desk.agent.asked if isinstance(one, messages.Sign)]
        assert isinstance(sign.payload, str)
        signature = chromium.unb64((await signed.inner_text()).strip())
        public = b58decode(solana_address(desk.agent.solana))
        assert verify_ed25519(public, base64.b64decode(sign.payload), signature)
        await page.close()
