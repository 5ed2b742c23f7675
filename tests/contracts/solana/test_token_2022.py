"""Token-2022: what arrives is what is told, what left is what is counted."""

import base64

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from contracts.solana.attacks import refused
from contracts.solana.stage import DAY, START, TOKEN_2022, Stage, stage
from fluxdesk.chains.solana.programs import claim
from fluxdesk.chains.solana.programs.claim import Error

END = START + 30 * DAY
BPS, MOST = 250, 20_000


def fee_of(amount: int) -> int:
    """Token-2022's fee: rounded up, at most `MOST`."""
    return min(-(-amount * BPS // 10_000), MOST)


def charging() -> tuple[int, bytes]:
    """InitializeTransferFeeConfig without authorities: 2.5 %, at most 20,000 units."""
    return 108, bytes([26, 0, 0, 0]) + BPS.to_bytes(2, "little") + MOST.to_bytes(8, "little")


def harvest(mint: Pubkey, account: Pubkey) -> Instruction:
    """HarvestWithheldTokensToMint: anyone may send it."""
    metas = [AccountMeta(mint, False, True), AccountMeta(account, False, True)]
    return Instruction(TOKEN_2022, bytes([26, 4]), metas)


@pytest.fixture
def made() -> Stage:
    return stage(token_program=TOKEN_2022, extensions=[charging()])


def test_a_mint_without_extensions_works_as_ever() -> None:
    made = stage(token_program=TOKEN_2022)
    made.chain.send([made.claim(0)], [made.users[0]])
    assert made.chain.tokens(made.wallets[0]) == made.amounts[0] == made.status(0).received


def test_a_fee_is_taken_on_the_way_and_said(made: Stage) -> None:
    said = made.chain.send([made.claim(0)], [made.users[0]])
    amount = made.amounts[0]
    arrived = amount - fee_of(amount)
    assert made.chain.tokens(made.wallets[0]) == arrived
    status = made.status(0)
    assert (status.total, status.released, status.received) == (amount, amount, arrived)
    assert (made.books().allocated, made.books().released) == (amount, amount)
    line = next(line for line in said.logs() if line.startswith("Program data: "))
    event = claim.Claimed.decode(base64.b64decode(line.removeprefix("Program data: ")))
    assert (event.total, event.released, event.received) == (amount, amount, arrived)


def test_every_part_of_a_vesting_claim_pays_its_own_fee() -> None:
    made = stage(
        token_program=TOKEN_2022, extensions=[charging()],
        vesting_start=START, vesting_cliff=START, vesting_end=START + 4 * DAY,
    )  # fmt: skip
    made.chain.at(START + DAY)
    made.chain.send([made.claim(0)], [made.users[0]])
    made.chain.at(START + 3 * DAY)
    made.chain.send([made.release(0)], [made.users[0]])
    arrived = 250_000 - fee_of(250_000) + 500_000 - fee_of(500_000)
    assert made.chain.tokens(made.wallets[0]) == made.status(0).received == arrived
    assert made.status(0).released == made.books().released == 750_000


def test_caps_count_what_left_the_vault() -> None:
    made = stage(token_program=TOKEN_2022, extensions=[charging()], cap_total=1_999_999)
    made.chain.send([made.claim(0)], [made.users[0]])
    refused(made.chain, made.claim(1), [made.users[1]], Error.CapTotalReached)


def test_what_did_not_arrive_in_the_vault_is_not_promised(made: Stage) -> None:
    """A deposit of 1,000,000 brings 980,000: a claim of 1,000,000 waits for the rest."""
    poor = stage(chain=made.chain, number=2, token_program=TOKEN_2022, extensions=[charging()], funds=0)
    source = made.chain.open_account(made.chain.payer.pubkey(), poor.mint, TOKEN_2022)
    made.chain.mint_to(source, poor.mint, 2_000_000, TOKEN_2022)

    def deposit(amount: int) -> Instruction:
        metas = [AccountMeta(k, False, w) for k, w in ((source, True), (poor.mint, False), (poor.vault, True))]
        metas.append(AccountMeta(made.chain.payer.pubkey(), True, False))
        return Instruction(TOKEN_2022, b"\x0c" + amount.to_bytes(8, "little") + b"\6", metas)

    made.chain.send([deposit(1_000_000)])
    assert made.chain.tokens(poor.vault) == 980_000
    refused(made.chain, poor.claim(0), [poor.users[0]], Error.NotFunded)
    made.chain.send([deposit(20_513)])
    made.chain.send([poor.claim(0)], [poor.users[0]])


def test_a_claw_back_says_what_arrived(made: Stage) -> None:
    mine = made.chain.open_account(made.admin.pubkey(), made.mint, TOKEN_2022)
    made.chain.at(END)
    made.chain.send([made.claw_back(mine)], [made.admin])
    rest = sum(made.amounts)
    assert made.books().clawed_back == rest
    assert made.chain.tokens(mine) == rest - fee_of(rest)


def test_a_vault_with_withheld_fees_closes_after_they_are_harvested() -> None:
    made = stage(token_program=TOKEN_2022, extensions=[charging()], funds=0)
    source = made.chain.open_account(made.chain.payer.pubkey(), made.mint, TOKEN_2022)
    made.chain.mint_to(source, made.mint, 1_000_000, TOKEN_2022)
    metas = [AccountMeta(k, False, w) for k, w in ((source, True), (made.mint, False), (made.vault, True))]
    metas.append(AccountMeta(made.chain.payer.pubkey(), True, False))
    made.chain.send([Instruction(TOKEN_2022, b"\x0c" + (1_000_000).to_bytes(8, "little") + b"\6", metas)])
    mine = made.chain.open_account(made.admin.pubkey(), made.mint, TOKEN_2022)
    made.chain.at(END)
    made.chain.send([made.claw_back(mine)], [made.admin])
    with pytest.raises(Exception, match="35"):
        made.chain.send([made.close_distribution()], [made.admin])
    made.chain.send([harvest(made.mint, made.vault), made.close_distribution()], [made.admin])
    claim.ClosedDistribution.decode(made.chain.data(made.distribution))


def test_the_other_token_programs_accounts_are_not_taken(made: Stage) -> None:
    spl = stage(chain=made.chain, number=2)
    user = made.users[0]
    refused(made.chain, made.claim(0, token_program=spl.token_program), [user], Error.WrongProgram)
    own = made.chain.open_account(user.pubkey(), spl.mint)
    refused(made.chain, made.claim(0, destination=own), [user], Error.WrongDestination)
