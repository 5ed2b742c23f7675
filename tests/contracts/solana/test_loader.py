"""The real loader under the features of mainnet: what we build is taken, what is broken is not."""

import pytest
from solders.instruction import Instruction
from solders.litesvm import LiteSVM
from solders.pubkey import Pubkey

from contracts.solana.loader import deployed
from contracts.solana.stage import Chain, Failed, program
from fluxdesk.chains.solana.programs import claim, launchpad


def put(chain: Chain, so: bytes) -> Pubkey:
    rent = chain.svm.minimum_balance_for_rent_exemption
    address = deployed(so, chain.payer.pubkey(), rent, lambda calls, signers: chain.send(calls, signers))
    chain.svm.warp_to_slot(chain.svm.get_clock().slot + 2)
    return address


@pytest.fixture
def chain() -> Chain:
    return Chain(svm=LiteSVM().with_mainnet_features())


@pytest.mark.parametrize(
    ("name", "unknown"), [("claim", claim.Error.UnknownInstruction), ("launchpad", launchpad.Error.UnknownInstruction)]
)
def test_a_program_is_taken_and_answers(chain: Chain, name: str, unknown: int) -> None:
    address = put(chain, program(name))
    with pytest.raises(Failed) as failure:
        chain.send([Instruction(address, b"nothing known", [])])
    assert failure.value.code == unknown


@pytest.mark.parametrize("broken", ["magic", "instruction", "runtime call", "entry"])
def test_a_broken_program_is_refused(chain: Chain, broken: str) -> None:
    so = bytearray(program())
    if broken == "magic":
        so[1] = 0
    elif broken == "instruction":
        so[0xE8] = 0xFF
    elif broken == "runtime call":
        so[so.index(b"sol_keccak256") + 4] = ord("K")
    else:
        so[0x18] = 0xFF
    with pytest.raises(Failed):
        put(chain, bytes(so))
