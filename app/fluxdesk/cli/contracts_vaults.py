"""`fluxdesk contracts vaults`: notes the vaults that our factories on a chain have made: calls of them are then read.

Reads only; nothing is sent, and nothing is signed.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TextIO, get_args

import msgspec

from fluxdesk.chains.evm.contracts.recorded import FILE, Recorded, RecordUnreadable, RecordUnwritable, hand, read
from fluxdesk.chains.evm.contracts.vaults import Log, found
from fluxdesk.chains.rpc.errors import Refused
from fluxdesk.cli.attach import fail, folder_problem, is_running
from fluxdesk.cli.contracts_chain import ChainUnusable, Place, Rpc, find
from fluxdesk.client.errors import NodeProblem, NodeUnreachable
from fluxdesk.core.paths import Mode, Profile

COMMAND = "contracts vaults"
_BLOCKS = 10_000
"""Asked for at once; an endpoint that refuses so many is asked for half, down to one, and for twice as many again."""
_MOST_BLOCK = 2**63 - 1
_HASH = re.compile(r"0x[0-9a-f]{64}")


def run(
    chain: str, profile: str = "", data: Path | None = None, json: bool = False, out: TextIO | None = None
) -> int:  # fmt: skip
    """Exit code: 0 noted, 1 not all could be read, 2 what was asked for cannot be done."""
    mode = profile or ("practice" if chain == "practice" else "live")
    chosen = next((known for known in get_args(Mode) if known == mode), None)
    if chosen not in ("practice", "live"):
        return fail(COMMAND, f"--profile is practice or live, not {mode}.")
    if (problem := folder_problem(data)) is not None:
        return fail(COMMAND, problem)
    place = Profile.of(chosen, data)
    if not is_running(place):
        return fail(COMMAND, f"No node of the {chosen} profile runs. Nothing was changed. Start fluxdesk.", 1)
    try:
        return asyncio.run(_note(place, chain, json, out or sys.stdout))
    except (ChainUnusable, NodeProblem, NodeUnreachable, RecordUnreadable, RecordUnwritable) as error:
        return fail(COMMAND, f"{error} What was found before is noted.", 1)


async def _note(profile: Profile, named: str, json: bool, out: TextIO) -> int:
    async with find(profile, named) as place:
        noted = read(profile.folder / FILE).chains.get(place.id, [])
        count = 0
        async for vault in found(noted, OfRpc(place.reads)):
            hand(profile.folder, place.id, vault)
            print(_line(vault, json), file=out, flush=True)
            count += 1
    if not json:
        print(_said(place, noted, count), file=out)
    return 0


def _said(place: Place, noted: list[Recorded], count: int) -> str:
    if not noted:
        return f"Nothing of ours is noted on {place.name}: fluxdesk contracts deploy notes what stands."
    return f"{count} vaults of our factories on {place.name} are noted."


def _line(vault: Recorded, json: bool) -> str:
    if json:
        return msgspec.json.encode(vault).decode()
    return f"{vault.contract} at {vault.address}, made in block {vault.block:,}"


class OfRpc:
    """See `vaults.Logs`."""

    def __init__(self, reads: Rpc) -> None:
        self._reads = reads

    async def of(self, address: str, topic: bytes, first: int) -> AsyncIterator[Log]:
        """See `vaults.Logs`."""
        head = _number(await self._ask("eth_blockNumber", []))
        size = _BLOCKS
        while first <= head:
            last = min(first + size - 1, head)
            wanted = {
                "address": address, "topics": ["0x" + topic.hex()], "fromBlock": hex(first), "toBlock": hex(last),
            }  # fmt: skip
            try:
                rows = await self._reads.ask("eth_getLogs", [wanted])
            except Refused as refusal:
                if size == 1:
                    raise ChainUnusable(f"The endpoint gives no logs ({refusal}).") from None
                size //= 2
                continue
            if not isinstance(rows, list):
                raise ChainUnusable(_NO_LOGS)
            for row in rows:
                yield _log(row)
            first, size = last + 1, min(size * 2, _BLOCKS)

    async def made(self, address: str) -> int:
        """See `vaults.Logs`."""
        return _number(await self._ask("eth_getTransactionCount", [address, "latest"]))

    async def _ask(self, method: str, params: list[object]) -> Any:
        try:
            return await self._reads.ask(method, params)
        except Refused as refusal:
            raise ChainUnusable(f"The endpoint refused {method} ({refusal}).") from None


_NO_LOGS = "The answer to eth_getLogs was not understood."


def _log(row: Any) -> Log:
    try:
        topics = tuple(bytes.fromhex(topic[2:]) for topic in row["topics"])
        found_ = Log(topics, bytes.fromhex(row["data"][2:]), row["transactionHash"], int(row["blockNumber"], 16))
        if _HASH.fullmatch(found_.tx) and 0 <= found_.block <= _MOST_BLOCK:
            return found_
    except (KeyError, TypeError, ValueError):
        pass
    raise ChainUnusable(_NO_LOGS)


def _number(found_: Any) -> int:
    try:
        number = int(found_, 16)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number <= _MOST_BLOCK:
        raise ChainUnusable("The endpoint gave no number where one was asked for.")
    return number
