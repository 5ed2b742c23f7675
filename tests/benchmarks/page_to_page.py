"""Figures of the way from a page to a signature and back, and of what a person waits for: bridge and popup.

Real Chromium with the extension, the real bridge, the real agent; the policy approves, so no window is in the way. The
times are the page's own. `disk_sync` is what the disk takes for one audit record, in the same run: no signature leaves
before it. Not a group of its own: `keys` runs it.
"""

import asyncio
import base64
import json
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from agent_process import POLICY, AgentProcess, unlocked
from fluxdesk.cli.figures import Figure, GroupUnavailable
from fluxdesk_host.bridge import launcher
from fluxdesk_host.bridge.identity import CALLER, HOST_NAME
from fluxdesk_host.keys.base58 import b58decode, b58encode
from fluxdesk_host.protocol import PROTOCOL, VERSION, frames

COUNT = 400
PAUSE_MS = 60
"""Between two requests: the extension lets a site ask for 20 signatures a second."""
STARTS = 40
OPENINGS = 20
SITE = "<!doctype html><title>A site</title>"
FIND = """() => window.dispatchEvent(new CustomEvent("wallet-standard:app-ready",
  { detail: { register: wallet => { window.wallet = wallet } } }))"""
CONNECT = """() => wallet.features["standard:connect"].connect().then(({ accounts }) => accounts[0].address)"""
MEASURE = """async ([transactions, pause]) => {
  const { signTransaction } = wallet.features["solana:signTransaction"];
  const account = wallet.accounts[0], times = [];
  for (const text of transactions) {
    const transaction = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const begun = performance.now();
    await signTransaction({ account, chain: "solana:mainnet", transaction });
    times.push(performance.now() - begun);
    await new Promise(resolve => setTimeout(resolve, pause));
  }
  return times;
}"""


def figures() -> list[Figure]:
    """Raises `GroupUnavailable` without Chromium or the extension's packages."""
    root = Path(__file__).resolve().parents[2]
    if shutil.which("chromium") is None or not (root / "extension" / "node_modules").is_dir():
        raise GroupUnavailable("Chromium or the extension's npm packages are missing; `make test-tools` installs them.")
    for folder in ("e2e", "extension"):
        sys.path.append(str(root / "tests" / folder))
    with tempfile.TemporaryDirectory(prefix="fdb-") as name:
        folder_ = Path(name)
        (folder_ / "run").mkdir(mode=0o700)
        with unlocked(folder_ / "data", folder_ / "run") as agent:
            return asyncio.run(_measured(agent, folder_))


async def _measured(agent: AgentProcess, folder: Path) -> list[Figure]:
    import chromium

    places = launcher.Places(folder / "run", Path(agent.path).name, "node.sock")
    bridge = launcher.write(folder / "bridge", places)
    starts = sorted(first_reply_ms(bridge) for _ in range(STARTS))
    manifest = folder / "profile" / "NativeMessagingHosts" / f"{HOST_NAME}.json"
    manifest.parent.mkdir(parents=True)
    told = {"name": HOST_NAME, "description": "x", "path": str(bridge), "type": "stdio", "allowed_origins": [CALLER]}
    manifest.write_text(json.dumps(told))
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text(SITE)
    async with chromium.opened(folder / "profile") as context:
        await _pair(agent, context)
        with chromium.served(folder / "site") as address:
            times = sorted(await _signatures(agent, context, address))
        opened = await _openings(context)
    synced = sorted(_sync_ms(folder) for _ in range(COUNT))
    return [
        Figure("keys.disk_sync_p50", round(statistics.median(synced), 2), "ms", runs=COUNT),
        Figure("keys.page_to_page_p50", round(statistics.median(times), 2), "ms", "<= 5", runs=COUNT),
        Figure("keys.page_to_page_p99", round(times[int(len(times) * 0.99)], 2), "ms", "<= 40", runs=COUNT),
        Figure("keys.bridge_first_reply_p50", round(statistics.median(starts), 1), "ms", "<= 60", runs=STARTS),
        Figure("keys.bridge_first_reply_worst", round(starts[-1], 1), "ms", runs=STARTS),
        Figure("keys.popup_open_p50", round(statistics.median(opened), 1), "ms", "<= 200", runs=OPENINGS),
        Figure("keys.popup_open_worst", round(opened[-1], 1), "ms", runs=OPENINGS),
    ]


def _sync_ms(folder: Path) -> float:
    """One append of a record's size and its way to this disk, which every signature waits for before it leaves."""
    with (folder / "appended").open("ab", buffering=0) as file:
        file.write(bytes(400))
        begun = time.perf_counter()
        os.fdatasync(file.fileno())
        return 1000 * (time.perf_counter() - begun)


def first_reply_ms(bridge: Path) -> float:
    """From the start of the bridge's program to its answer to `hello`."""
    hello = json.dumps({"op": "hello", "protocol": PROTOCOL, "version": VERSION}).encode()
    begun = time.perf_counter()
    with subprocess.Popen([str(bridge), CALLER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(frames.encode(hello))
        process.stdin.flush()
        (length,) = struct.unpack("<I", process.stdout.read(4))
        answer = json.loads(process.stdout.read(length))
        took = time.perf_counter() - begun
        process.stdin.close()
    assert answer["op"] == "welcome", answer
    return 1000 * took


async def _pair(agent: AgentProcess, context: Any) -> None:
    import chromium

    page = await chromium.popup(context)
    await page.get_by_role("button", name="Pair with Fluxdesk").click()
    codes = await asyncio.to_thread(agent.desk.push, "compare")
    await page.get_by_role("button", name="They are the same").click()
    agent.desk.do("pair_answer", session=codes["session"], yes=True)
    await page.locator("#agent", has_text="Agent unlocked").wait_for()
    await page.close()


async def _signatures(agent: AgentProcess, context: Any, address: str) -> list[float]:
    """Milliseconds of each, as the page saw them."""
    page = await context.new_page()
    await page.goto(address)
    await page.evaluate(FIND)
    connecting = asyncio.ensure_future(page.evaluate(CONNECT))
    shown = await asyncio.to_thread(agent.desk.push, "pending")
    agent.desk.do("approve", id=shown["id"], digest=shown["digest"])
    account = await connecting
    agent.desk.do("set_policy", policy=_policy(f"solana:{account}", address.rstrip("/")))
    transactions = [_transfer(b58decode(account), n) for n in range(COUNT + 20)]
    await page.evaluate(MEASURE, [transactions[COUNT:], PAUSE_MS])
    times: list[float] = await page.evaluate(MEASURE, [transactions[:COUNT], PAUSE_MS])
    await page.close()
    return times


def _policy(account: str, origin: str) -> dict[str, object]:
    allowance = POLICY["allowances"][0] | {
        "account": account,
        "origin": origin,
        "chain": "solana:mainnet",
        "kinds": ["solana_tx"],
        "assets": {"native": {"per_day": 10**15}},
        "recipients": [b58encode(bytes(range(32))), b58encode(bytes(32))],
    }
    return POLICY | {"allowances": [allowance]}


def _transfer(me: bytes, number: int) -> str:
    """An unsigned transaction of one lamport, with a blockhash of its own."""
    data = struct.pack("<IQ", 2, 1)
    keys = bytes([1, 0, 1, 3]) + me + bytes(range(32)) + bytes(32)
    message = keys + number.to_bytes(32, "big") + bytes([1, 2, 2, 0, 1, len(data)]) + data
    return base64.b64encode(bytes([1]) + bytes(64) + message).decode()


async def _openings(context: Any) -> list[float]:
    from opening import keep, kept_data, openings

    await keep(context, kept_data())
    return sorted(one.painted_ms for one in await openings(context, OPENINGS))
