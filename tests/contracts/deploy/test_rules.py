"""A chain is asked which rules it has before anything is sent to it: real chains of older rules."""

from pathlib import Path

import pytest

from contracts.deploy.test_deploy import ACCOUNT, CHAIN, PLAN, Command, nonce, profile_in
from fluxdesk.chains.evm.contracts.built import load
from fluxdesk.chains.evm.contracts.deploying import deploy
from fluxdesk.chains.evm.contracts.plan import Step, steps
from fluxdesk.chains.evm.contracts.rules import RulesLacking, lacking
from fluxdesk.chains.rpc.http import RpcConnection
from fluxdesk.cli.contracts_chain import OfUrl, Place, Through
from fluxdesk.client.wallet import WalletClient
from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.resources import path
from integration.nodes import RunningNode
from integration.servers import ANVIL, Anvil
from needs import tool

PUSH0, TRANSIENT, MCOPY = "PUSH0 (EIP-3855)", "transient storage (EIP-1153)", "MCOPY (EIP-5656)"


class Nobody:
    """Stands in for a queue that must not be asked."""

    async def make(self, step: Step) -> tuple[str, int]:
        raise AssertionError(step.name)


class Deaf:
    """Stands in for an endpoint that runs no creation code."""

    async def tried(self, code: bytes) -> bytes | None:
        return None


@pytest.mark.parametrize(
    ("hardfork", "lacks"),
    [("paris", (PUSH0, TRANSIENT, MCOPY)), ("shanghai", (TRANSIENT, MCOPY)), ("cancun", ()), ("prague", ())],
)
async def test_what_a_chain_lacks_is_named_and_nothing_is_ordered(hardfork: str, lacks: tuple[str, ...]) -> None:
    tool(ANVIL)
    with Anvil(hardfork=hardfork) as chain:
        connection = RpcConnection(Endpoint.parse(chain.rpc_url, ("http",)), 1_000.0)
        reads = Through(Place(CHAIN, "anvil", WalletClient(path(".")), OfUrl(connection)))
        assert await lacking(reads) == lacks
        plan = steps(path("deployment/plan.json").read_bytes(), chain.accounts[0], load)
        if lacks:
            with pytest.raises(RulesLacking, match="Nothing was sent") as told:
                _ = [stands async for stands in deploy(plan, reads, Nobody())]
            assert all(name in str(told.value) for name in lacks)
        await connection.close()


async def test_where_the_rules_cannot_be_told_nothing_is_deployed() -> None:
    with pytest.raises(RulesLacking, match=r"cannot be told .* Nothing was sent"):
        await lacking(Deaf())


def test_the_command_refuses_a_chain_without_transient_storage_with_a_sentence(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool(ANVIL)
    runtime = tmp_path_factory.mktemp("q")
    runtime.chmod(0o700)
    monkeypatch.setenv("FLUXDESK_RUNTIME", str(runtime))
    monkeypatch.setenv("FLUXDESK_AGENT_SOCKET", "a.sock")
    with Anvil(hardfork="shanghai") as chain:
        chain.rpc("anvil_setBalance", [ACCOUNT, hex(10**20)])
        profile = profile_in(tmp_path, chain)
        node = RunningNode(profile)
        try:
            for named in (CHAIN, chain.rpc_url):
                code, rows, said = Command(profile, PLAN, named).ends()
                assert (code, rows) == (1, [])
                assert f"This chain lacks {TRANSIENT} and {MCOPY}." in said
                assert "Traceback" not in said
            assert nonce(chain) == 0
        finally:
            node.stop()
