"""What hostile and careless pages say to the extension, in Chromium with the real bridge.

The agent is a stand-in that notes what reached it, which the real one shows nobody; what goes the whole way with the
real one is in test_whole_*.py.
"""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import chromium
import pytest
import pytest_asyncio
from chromium import WITHIN_MS, Desk
from stand_in_agent import EVM_PRIVATE

from fluxdesk_host.keys.addresses import evm_address
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.protocol import messages

pytestmark = pytest.mark.asyncio(loop_scope="module")
ADDRESS = evm_address(Secret(bytearray(EVM_PRIVATE))).lower()

ASK = """async ([method, params]) => {
  try { return { result: await window.ethereum.request({ method, params }) } }
  catch (error) { return { code: error.code, message: error.message } }
}"""


async def ask(page: Any, method: str, *params: object) -> dict[str, Any]:
    answer: dict[str, Any] = await page.evaluate(ASK, [method, list(params)])
    return answer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[tuple[Desk, Any]]:
    """One browser for all of these, paired with a stand-in agent."""
    async with chromium.desk() as desk:
        desk.install()
        await desk.agent.start()
        async with chromium.browser(desk) as context:
            await chromium.pair(context, desk)
            yield desk, context
        await desk.agent.stop()


@pytest.fixture
def desk(shared: tuple[Desk, Any]) -> Desk:
    """Nobody was asked anything, and nobody was given anything."""
    agent = shared[0].agent
    agent.rejects = False
    agent.asked.clear()
    agent.grants.clear()
    agent.changed()
    return shared[0]


@pytest_asyncio.fixture(loop_scope="module")
async def evm(shared: tuple[Desk, Any], desk: Desk, tmp_path: Path) -> AsyncIterator[Any]:
    """A plain site of two lines at an origin of its own, loaded."""
    (tmp_path / "index.html").write_text("<!doctype html><title>A site</title>")
    with chromium.served(tmp_path) as address:
        page = await shared[1].new_page()
        await page.goto(address)
        yield page
        await page.close()


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


FRAME = """<!doctype html><script>
const forged = { to: "fluxdesk:worker", id: 77, family: "evm", method: "personal_sign", params: ["0x66", "ADDRESS"] };
addEventListener("message", event => event.data?.to === "fluxdesk:page" && parent.postMessage({ reached: true }, "*"));
for (const target of [window, parent]) target.postMessage(forged, "*");
parent.postMessage({ tried: typeof window.ethereum }, "*");
</script>"""


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["same origin", "another origin"])
async def test_a_frame_gets_no_provider_and_cannot_reach_the_worker(
    evm: Any, desk: Desk, tmp_path: Path, host: str
) -> None:
    await ask(evm, "eth_requestAccounts")
    desk.agent.asked.clear()
    (tmp_path / "frame.html").write_text(FRAME.replace("ADDRESS", ADDRESS))
    await evm.evaluate(
        "address => { window.heard = []; addEventListener('message', event => heard.push(event.data)); "
        "const frame = document.createElement('iframe'); frame.src = address; document.body.append(frame) }",
        (await evm.evaluate("location.origin")).replace("localhost", host) + "/frame.html",
    )
    await evm.wait_for_function("heard.some(one => one.tried)", timeout=WITHIN_MS)
    assert "result" in await ask(evm, "personal_sign", "0x6869", ADDRESS)  # whatever the frame said came before it
    heard = await evm.evaluate("heard.filter(one => one.tried || one.reached || one.id === 77)")
    assert [one for one in heard if one.get("to") != "fluxdesk:worker"] == [{"tried": "undefined"}]
    (sign,) = [one for one in desk.agent.asked if isinstance(one, messages.Sign)]
    assert sign.payload == base64.b64encode(b"hi").decode()


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
