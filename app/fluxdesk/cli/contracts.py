"""`fluxdesk contracts deploy`: puts our contracts on a chain. The node that runs makes the transactions, and the agent
signs them, each approved by the owner; this process holds no key.

It can be killed at any time: addresses follow from the code, and the node keeps what was ordered.
"""

import asyncio
import sys
from pathlib import Path
from typing import TextIO, get_args

import msgspec

from fluxdesk.chains.evm.contracts.built import load
from fluxdesk.chains.evm.contracts.deployer import NO_SALT
from fluxdesk.chains.evm.contracts.deploying import NoDeployer, NotMade, OtherCode, Stands, deploy
from fluxdesk.chains.evm.contracts.plan import MOST_TEXT, BadPlan, Step, steps
from fluxdesk.chains.evm.contracts.recorded import (
    FILE,
    Recorded,
    RecordUnreadable,
    RecordUnwritable,
    hand,
    prove,
    read,
)
from fluxdesk.chains.evm.contracts.rules import RulesLacking
from fluxdesk.cli.attach import fail, folder_problem, is_running
from fluxdesk.cli.contracts_chain import ChainUnusable, Place, Through, find
from fluxdesk.cli.contracts_orders import NodeOrders, account_of
from fluxdesk.client.errors import NodeProblem, NodeUnreachable
from fluxdesk.core.paths import Mode, Profile
from fluxdesk.core.resources import ResourceMissing, path

COMMAND = "contracts deploy"
PLAN = "deployment/plan.json"


def run(
    chain: str, account: str, plan: Path | None = None, profile: str = "", data: Path | None = None,
    json: bool = False, out: TextIO | None = None,
) -> int:  # fmt: skip
    """Exit code: 0 all stand as they were built, 1 not all do, 2 what was asked for cannot be done."""
    mode = profile or ("practice" if chain == "practice" else "live")
    chosen = next((known for known in get_args(Mode) if known == mode), None)
    if chosen not in ("practice", "live"):
        return fail(COMMAND, f"--profile is practice or live, not {mode}.")
    if (payer := account_of(account)) is None:
        return fail(COMMAND, f"--account is an EVM address of the wallet (0x and 40 digits), not {account!r:.60}.")
    if (problem := folder_problem(data)) is not None:
        return fail(COMMAND, problem)
    place = Profile.of(chosen, data)
    try:
        with (plan or path(PLAN)).open("rb") as opened:
            planned = steps(opened.read(MOST_TEXT + 1), payer, load)
        read(place.folder / FILE)
    except BadPlan as error:
        return fail(COMMAND, f"The plan cannot be followed: {error}. Nothing was sent.")
    except OSError as error:
        return fail(COMMAND, f"{plan} cannot be read: {error.strerror or error}. Nothing was sent.")
    except (RecordUnreadable, ResourceMissing) as error:
        return fail(COMMAND, f"{error} Nothing was sent.")
    except msgspec.MsgspecError as error:
        return fail(COMMAND, f"What was built is damaged ({error}). Nothing was sent. Install Fluxdesk again.")
    if not is_running(place):
        start = "fluxdesk, or fluxdesk node --mode practice" if chosen == "practice" else "fluxdesk"
        return fail(COMMAND, f"No node of the {chosen} profile runs. Start {start}, and unlock the wallet.", 1)
    try:
        prove(place.folder)
    except (RecordUnreadable, RecordUnwritable) as error:
        return fail(COMMAND, f"{error} Nothing was sent.")
    try:
        return asyncio.run(_deploy(place, chain, payer, planned, json, out or sys.stdout))
    except (ChainUnusable, NodeProblem, NodeUnreachable) as error:
        return fail(COMMAND, f"{error} What stands already is kept; the same command goes on.", 1)
    except (RecordUnreadable, RecordUnwritable) as error:
        return fail(COMMAND, f"{error} What stands on the chain stays; the same command notes it.", 1)
    except (NoDeployer, NotMade, OtherCode, RulesLacking) as error:
        return fail(COMMAND, str(error), 1)


async def _deploy(profile: Profile, named: str, account: str, plan: list[Step], json: bool, out: TextIO) -> int:
    async with find(profile, named) as place:
        said = f"{len(plan)} contracts on {place.name} ({place.id}), paid by {account}"
        if not json:
            print(said, file=out, flush=True)
        orders = NodeOrders(place, account, lambda text: print(text, file=sys.stderr, flush=True))
        unsure = 0
        async for stands in deploy(plan, Through(place), orders):
            _note(profile, place, stands)
            print(_line(stands, json), file=out, flush=True)
            unsure += not stands.immutables
    if unsure and not json:
        print(f"The endpoint does not run code for a trial, so immutables of {unsure} were not compared.", file=out)
    return 0


def _note(profile: Profile, place: Place, stands: Stands) -> None:
    """On disk before the next step, so that a run that is killed has noted what it made."""
    step = stands.step
    entry = Recorded(
        step.name, step.built.name, step.address, "0x" + NO_SALT.hex(), "0x" + step.arguments.hex(), stands.tx,
        stands.block,
    )  # fmt: skip
    hand(profile.folder, place.id, entry)


def _line(stands: Stands, json: bool) -> str:
    step = stands.step
    if json:
        body = {
            "name": step.name, "contract": step.built.name, "address": step.address, "deployed": bool(stands.tx),
            "tx": stands.tx, "block": stands.block, "immutables_compared": stands.immutables,
        }  # fmt: skip
        return msgspec.json.encode(body).decode()
    how = f"{stands.how.value} in block {stands.block:,}, {stands.tx}" if stands.tx else stands.how.value
    return f"{step.name}: {step.built.name} at {step.address} {how}; its code is what was built"
