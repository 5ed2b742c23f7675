"""Pages made with viem, ethers, and Wallet Standard with Solana's kit: connect, sign, send. All else is real."""

import asyncio
import functools
import subprocess
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import chromium
import pytest
import pytest_asyncio
import whole
from dapp import CONNECT, SIGN_MESSAGE, SIGN_TRANSACTION
from whole import EVM, REQUEST, SOLANA, Chains, Home

import needs
from integration.servers import rpc

pytestmark = pytest.mark.asyncio(loop_scope="module")
CLIENTS = Path(__file__).parent / "clients"
TO = "0x00000000000000000000000000000000DeaDBeef"
TO_SOLANA = "JCp15hm4zQoghYFK277XE7xBBKVxmq4NBHU6TGV29Kqt"


@functools.cache
def bundles() -> Path:
    """A folder with a page for each client, bundled from what is locked."""
    needs.require("tests/e2e/clients/node_modules", (CLIENTS / "node_modules").is_dir(), "run `npm ci` there")
    folder = Path(tempfile.mkdtemp(prefix="fd-clients-"))
    subprocess.run(["node", "build.mjs", str(folder)], cwd=CLIENTS, check=True, capture_output=True, timeout=120)
    for script in folder.glob("*.js"):
        text = f"<!doctype html><title>{script.stem}</title><script src='/{script.name}'></script>"
        (folder / f"{script.stem}.html").write_text(text)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at_home() -> AsyncIterator[tuple[Home, Any, Chains]]:
    async with whole.living() as found:
        yield found


async def approved(home: Home, asked: Any, verb: str) -> Any:
    """What a page gets when the person says yes."""
    waiting = asyncio.ensure_future(asked)
    await home.person.press(REQUEST, verb)
    return await waiting


@pytest.mark.parametrize("name", ["viem", "ethers"])
async def test_an_evm_client_finds_connects_signs_and_sends(at_home: tuple[Home, Any, Chains], name: str) -> None:
    home, context, chains = at_home
    with chromium.served(bundles()) as address:
        page = await context.new_page()
        await page.goto(f"{address}{name}.html")
        found = await approved(home, page.evaluate("client.connect()"), CONNECT)
        assert (found["account"].lower(), found["chain"]) == (EVM, 1)
        assert await approved(home, page.evaluate("client.message('Grüße, order book')"), SIGN_MESSAGE)
        assert await approved(home, page.evaluate("client.typed()"), SIGN_MESSAGE)
        before = int(await page.evaluate("to => client.balance(to)", TO))
        sent = await approved(home, page.evaluate("to => client.send(to, '12345')", TO), SIGN_TRANSACTION)
        assert sent["status"] == "success"
        assert int(await page.evaluate("to => client.balance(to)", TO)) == before + 12345
        landed = rpc(chains.ethereum, "eth_getTransactionByHash", [sent["hash"]])
        assert (landed["from"], int(landed["value"], 16)) == (EVM, 12345)
        refused = page.evaluate("client.message('no').then(() => 0, error => error.code ?? error.info?.error?.code)")
        answer = await approved(home, refused, "Reject")
        assert answer in (4001, "ACTION_REJECTED")
        await page.close()


async def test_a_solana_client_finds_connects_signs_and_sends(at_home: tuple[Home, Any, Chains]) -> None:
    home, context, chains = at_home
    rpc(chains.solana, "requestAirdrop", [SOLANA, 10**10])
    with chromium.served(bundles()) as address:
        page = await context.new_page()
        await page.goto(f"{address}solana.html")
        found = await approved(home, page.evaluate("endpoint => client.connect(endpoint)", chains.solana), CONNECT)
        assert found["account"] == SOLANA
        assert {"solana:signIn", "solana:signAndSendTransaction"} <= set(found["features"])
        assert await approved(home, page.evaluate("client.message('Grüße')"), SIGN_MESSAGE)
        signed_in = await approved(home, page.evaluate("client.signIn()"), SIGN_MESSAGE)
        assert signed_in["verified"]
        assert signed_in["text"].startswith(address.rstrip("/").removeprefix("http://") + " wants you to sign in")
        assert await approved(home, page.evaluate("to => client.sign(to, 5)", TO_SOLANA), SIGN_TRANSACTION)
        before = int(await page.evaluate("to => client.balance(to)", TO_SOLANA))
        sent = page.evaluate("to => client.send(to, 2_000_000)", TO_SOLANA)
        assert await approved(home, sent, SIGN_TRANSACTION) == 64

        async def arrived() -> bool:
            return int(await page.evaluate("to => client.balance(to)", TO_SOLANA)) == before + 2_000_000

        await whole.holds(arrived)
        await page.close()
