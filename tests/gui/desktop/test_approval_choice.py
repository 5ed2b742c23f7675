"""Which accounts a site is to see: the first unless the owner says otherwise, and never none."""

from fluxdesk.desktop.agent_facts import Account
from fluxdesk.desktop.approval.choice import AccountsChoice
from windows import Run, settle

EVM = [Account(f"evm:0x{n:040x}", f"Account {n}", "evm", "Main", "", True) for n in (1, 2, 3)]
WATCHED = Account(f"evm:0x{9:040x}", "Watched", "evm", "", "", False)
SOLANA = Account("solana:" + "1" * 32, "Sol", "solana", "Main", "", True)


def test_the_first_is_on_and_the_owner_adds_or_takes_away(run: Run) -> None:
    async def whole() -> None:
        choice = AccountsChoice()
        changes: list[tuple[str, ...]] = []
        choice.changed.connect(lambda: changes.append(choice.chosen))
        choice.offer("connect evm", [*EVM, WATCHED, SOLANA])
        assert not choice.isHidden()
        assert choice.chosen == (EVM[0].id,)
        choice._switches[EVM[2].id].click()
        assert changes[-1] == (EVM[0].id, EVM[2].id)
        choice._switches[EVM[0].id].click()
        choice._switches[EVM[2].id].click()
        assert choice.chosen == ()
        assert choice.lacks
        choice.offer("connect evm", [*EVM, WATCHED, SOLANA])  # names were read anew: the choice stays
        assert choice.lacks
        choice.forget()
        choice.offer("connect evm", EVM)
        assert choice.chosen == (EVM[0].id,)
        await settle()

    run(whole())


def test_one_account_needs_no_choice_and_other_requests_have_none(run: Run) -> None:
    async def whole() -> None:
        choice = AccountsChoice()
        choice.offer("connect solana", [*EVM, SOLANA])
        assert choice.isHidden()
        assert choice.chosen == (SOLANA.id,)
        choice.offer("evm_tx", [*EVM, SOLANA])
        assert (choice.isHidden(), choice.chosen, choice.lacks) == (True, (), False)
        await settle()

    run(whole())
