"""The agent's figures: memory unlocked and idle, and signatures a second, each with its audit record on disk; then the
whole way from a page and back (`page_to_page`).

A real agent in its sandbox; a client in this process keeps `IN_FLIGHT` requests on their way, approved by policy. The
derivation of the keystore's key takes its own memory for as long as it runs: `agent_rss_peak_unlocking`, here with the
64 MiB that are the least; a calibrated file takes what its machine allows.
"""

import base64
import json
import os
import select
import statistics
import struct
import tempfile
import time
from pathlib import Path

from agent_process import POLICY, AgentProcess, Asker, transfer, unlocked
from benchmarks import page_to_page
from fluxdesk.cli.figures import Figure

COUNT = 2000
IN_FLIGHT = 64
RUNS = 3
FRAME = struct.Struct("<I")


def solana_requests(count: int, account: str) -> list[dict[str, object]]:
    """Transfers of one lamport, each with a blockhash of its own."""
    from fluxdesk_host.keys.base58 import b58decode

    me, to, system = b58decode(account.partition(":")[2]), bytes(range(32)), bytes(32)
    made: list[dict[str, object]] = []
    for i in range(count):
        blockhash = i.to_bytes(32, "big")
        data = struct.pack("<IQ", 2, 1)
        body = bytes([1, 0, 1, 3]) + me + to + system + blockhash + bytes([1, 2, 2, 0, 1, len(data)]) + data
        payload = base64.b64encode(body).decode()
        made.append(transfer(account=account, chain="solana:mainnet", kind="solana_tx", payload=payload))
    return made


def rate(asker: Asker, requests: list[dict[str, object]], in_flight: int) -> dict[str, float]:
    """Signatures a second and the agent's answer times, with so many requests on their way."""
    frames = [FRAME.pack(len(b)) + b for b in (json.dumps(r).encode() for r in requests)]
    link, sent, got, waiting, rest = asker.link, 0, 0, [], b""
    times: list[float] = []
    begun = time.perf_counter()
    while got < len(frames):
        if sent < len(frames) and sent - got < in_flight:
            more = frames[sent : sent + in_flight - (sent - got)]
            now = time.perf_counter()
            link.sendall(b"".join(more))
            waiting += [now] * len(more)
            sent += len(more)
        select.select([link], [], [])
        rest += link.recv(1 << 20)
        while len(rest) >= 4 and len(rest) >= 4 + FRAME.unpack_from(rest)[0]:
            (length,) = FRAME.unpack_from(rest)
            answer = json.loads(rest[4 : 4 + length])
            assert answer["op"] == "signed", answer
            rest = rest[4 + length :]
            times.append(time.perf_counter() - waiting[got])
            got += 1
    took = time.perf_counter() - begun
    times.sort()
    return {
        "per_second": round(len(frames) / took),
        "p50_ms": round(1000 * times[len(times) // 2], 2),
        "p99_ms": round(1000 * times[int(len(times) * 0.99)], 2),
    }


def policy(solana: str) -> dict[str, object]:
    from fluxdesk_host.keys.base58 import b58encode

    mine = POLICY["allowances"][0] | {"assets": {"native": {"per_day": 10**30}}}
    theirs = mine | {
        "name": "sol",
        "account": solana,
        "chain": "solana:mainnet",
        "kinds": ["solana_tx"],
        "recipients": [b58encode(bytes(range(32))), b58encode(bytes(32))],
    }
    return POLICY | {"allowances": [mine, theirs]}


def cpu_s(agent: AgentProcess) -> float:
    fields = Path(f"/proc/{agent.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run() -> list[Figure]:
    """Medians of `RUNS`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "run").mkdir(mode=0o700)
        with unlocked(folder / "data", folder / "run") as agent:
            figures = _measured(agent)
    return figures + page_to_page.figures()


def _measured(agent: AgentProcess) -> list[Figure]:
    solana = next(a["id"] for a in agent.desk.do("list_accounts") if a["family"] == "solana")
    agent.desk.do("set_policy", policy=policy(solana))
    idle, peak = agent.memory_mib(), agent.memory_mib("VmHWM")
    asker = agent.admitted()
    rate(asker, [transfer(nonce=i) for i in range(50)], 8)
    figures = [Figure("keys.agent_rss_unlocked", round(idle, 1), "MiB", "<= 60")]
    figures.append(Figure("keys.agent_rss_peak_unlocking", round(peak, 1), "MiB"))
    for name, goal in (("evm", ">= 1000"), ("solana", ">= 2000")):
        seen: list[float] = []
        spent = 0.0
        for _ in range(RUNS):
            requests = [transfer(nonce=i) for i in range(COUNT)] if name == "evm" else solana_requests(COUNT, solana)
            before = cpu_s(agent)
            seen.append(rate(asker, requests, IN_FLIGHT)["per_second"])
            spent += cpu_s(agent) - before
        figures.append(Figure(f"keys.{name}_signed_and_recorded", statistics.median(seen), "1/s", goal, runs=RUNS))
        figures.append(Figure(f"keys.{name}_agent_cpu", round(1e6 * spent / COUNT / RUNS), "us", runs=RUNS))
    single = rate(asker, [transfer(nonce=i) for i in range(300)], 1)
    figures.append(Figure("keys.one_at_a_time_p50", single["p50_ms"], "ms"))
    figures.append(Figure("keys.one_at_a_time_p99", single["p99_ms"], "ms"))
    figures.append(Figure("keys.agent_rss_after", round(agent.memory_mib(), 1), "MiB"))
    return figures
