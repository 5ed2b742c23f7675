"""The agent's figures: memory unlocked and idle, and signatures a second, each with its audit record on disk.

`python tests/benchmarks/agent_signing.py` prints one JSON object. A real agent in its sandbox; a client in this process
keeps `--in-flight` requests on their way, approved by policy.
"""

import argparse
import base64
import json
import os
import select
import socket
import struct
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agent_process import EVM, POLICY, SHOP, AgentProcess, Asker, transfer, unlocked

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


def main() -> None:
    line = argparse.ArgumentParser()
    line.add_argument("--count", type=int, default=2000)
    line.add_argument("--in-flight", type=int, default=64)
    given = line.parse_args()
    folder = Path(tempfile.mkdtemp())
    (folder / "run").mkdir(mode=0o700)
    with unlocked(folder / "data", folder / "run") as agent:
        solana = next(a["id"] for a in agent.desk.do("list_accounts") if a["family"] == "solana")
        agent.desk.do("set_policy", policy=policy(solana))
        figures: dict[str, object] = {"rss_unlocked_mib": round(agent.memory_mib(), 1)}
        asker = agent.admitted()
        assert isinstance(asker.link, socket.socket)
        rate(asker, [transfer(nonce=i) for i in range(50)], 8)
        for name, requests in (
            ("evm", [transfer(nonce=i) for i in range(given.count)]),
            ("solana", solana_requests(given.count, solana)),
        ):
            before = cpu_s(agent)
            figures[name] = rate(asker, requests, given.in_flight)
            figures[f"{name}_cpu_us"] = round(1e6 * (cpu_s(agent) - before) / given.count)
        figures["one_at_a_time"] = rate(asker, [transfer(nonce=i) for i in range(200)], 1)
        figures["rss_after_mib"] = round(agent.memory_mib(), 1)
        assert EVM and SHOP
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
