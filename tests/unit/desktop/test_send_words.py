"""Words of a payment: what is typed is an address or nothing, what is known is said, what it costs adds up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.core import wallet_views as w
from fluxdesk.desktop import sample_wallet as made
from fluxdesk.desktop.agent_facts import Alike, BadEntry, RecipientState
from fluxdesk.desktop.screens.wallet import send_words as say
from fluxdesk.desktop.screens.wallet.holdings import coin
from fluxdesk.desktop.screens.wallet.payment import Line, Made, Wish, signed_bytes
from fluxdesk.desktop.words import amount

CHECKSUMMED = "0x9858EfFD232B4033E47d90003D41EC34EcaEda94"
SOLANA, ETHEREUM, _ = made.chains()
HELD = coin(made.ACCOUNTS[0], SOLANA, amount_base="9000000000")


def wish(base: int = 1_500_000_000, **more: object) -> Wish:
    fields = {"holding": HELD, "lines": (Line(recipient=made.SHOP, amount=base),)}
    return Wish(**(fields | more))  # type: ignore[arg-type]


def payment(asked: Wish, rent: int = 0, data: int = 0) -> Made:
    cost = w.CostView(
        total_base=str(5_006 + rent + data),
        fee_base="5000",
        priority_base="6",
        rent_base=str(rent),
        data_base=str(data),
    )
    return Made(wish=asked, views=(), total=cost, trials=(), at_s=0.0, ids=("x",))


def test_an_address_is_taken_with_its_check_and_refused_without() -> None:
    assert say.recipient_of(f" {CHECKSUMMED} ", "evm", {}) == CHECKSUMMED
    assert say.recipient_of(CHECKSUMMED.lower(), "evm", {}) == CHECKSUMMED
    with pytest.raises(say.BadRecipient, match="EIP-55"):
        say.recipient_of(CHECKSUMMED.replace("EfFD", "efFD"), "evm", {})
    with pytest.raises(say.BadRecipient, match="on Solana"):
        say.recipient_of(CHECKSUMMED, "solana", {})
    with pytest.raises(say.BadRecipient, match="EVM chain"):
        say.recipient_of(made.SHOP, "evm", {})


@given(st.text(max_size=60), st.sampled_from(["evm", "solana"]))
def test_whatever_is_typed_is_an_address_or_a_sentence(typed: str, family: str) -> None:
    found, why = "", ""
    try:
        found = say.recipient_of(typed, family, {})
    except say.BadRecipient as bad:
        why = str(bad)
    assert why.endswith(".") if not found else found.lower() == typed.strip().lower()


def test_a_name_stands_for_one_address_or_for_none() -> None:
    names = say.names_of([("Shop", "a"), ("shop ", "a"), ("Bank", "b"), ("bank", "c"), ("", "d")])
    assert names == {"shop": "a"}
    assert say.recipient_of("SHOP", "solana", names) == "a"


def test_what_is_known_of_a_recipient_is_said_and_unknown_is_not_fine() -> None:
    sender = made.ACCOUNTS[0].address
    assert [n.mark for n in say.notes_of(None, sender, made.SHOP)] == ["unknown"]
    new = say.notes_of(RecipientState("solana:x", "new"), sender, made.SHOP)
    assert [n.mark for n in new] == ["warn"]
    assert new[0].words.startswith("First contact")
    contact = RecipientState(
        f"solana:{made.SHOP}", "contact", "Shop", (Alike(made.ACCOUNTS[0].id, "Main", "own"),),
        BadEntry("x", "drainer"), "2026-11-01",
    )  # fmt: skip
    notes = say.notes_of(contact, sender, made.SHOP)
    assert [n.mark for n in notes][:2] == ["bad", "bad"]
    assert "drainer" in notes[0].words
    assert f"your account Main, {sender}" in notes[1].words
    assert "would pay itself" in " ".join(n.words for n in say.notes_of(contact, made.SHOP, made.SHOP))


@pytest.mark.parametrize(("rent", "data"), [(0, 0), (2_039_280, 0), (0, 77)])
def test_the_cost_names_every_part_and_the_sum_is_what_leaves(rent: int, data: int) -> None:
    rows = {what: much for what, much, _ in say.cost_rows(payment(wish(), rent, data))}
    assert rows["Amount"] == "1.5 SOL"
    assert rows["Priority fee"] == "0.000000006 SOL"
    assert ("Rent" in rows, "Data fee" in rows) == (bool(rent), bool(data))
    whole = 1_500_000_000 + 5_006 + rent + data
    assert rows["Leaves the account, at most"] == f"{amount(str(whole), 9)} SOL"


def test_a_cancelled_payment_costs_its_fee_alone() -> None:
    replaced = made.sends()[0]
    rows = {what: much for what, much, _ in say.cost_rows(payment(wish(replaces=replaced, cancel=True)))}
    assert "Amount" not in rows
    assert rows["Leaves the account, at most"] == "0.000005006 SOL"


def test_a_trial_that_was_not_made_is_no_good_news() -> None:
    assert say.trial_rows("the endpoint has no such method", wish(), {}) == [
        ("Could not be simulated", "the endpoint has no such method", "warn")
    ]
    fields: dict[str, object] = {
        "chain": SOLANA.id, "done": True, "ok": None, "reason": "", "changes": None, "approvals": None, "owners": None,
        "fee_base": None, "units": None, "block": None,
    }  # fmt: skip
    rows = say.trial_rows(w.SimulationView(**fields), wish(), {})  # type: ignore[arg-type]
    assert {tone for _, _, tone in rows} == {"warn"}
    failed = say.trial_rows(w.SimulationView(**(fields | {"ok": False, "reason": "frozen"})), wish(), {})  # type: ignore[arg-type]
    assert failed[0] == ("It would fail", "frozen", "sell")


def test_every_state_of_a_payment_has_its_words() -> None:
    said = [say.stand_words(send)[0] for send in made.sends()]
    assert said[0] == "Broadcast, not seen in a block yet"
    assert said[1] == "Seen in block 351,904,301, not final yet"
    assert said[3:] == ["Confirmed for good", "Failed on the chain: only the fee was paid"]


def test_the_agents_answer_becomes_what_the_node_takes() -> None:
    assert signed_bytes("evm_tx", "0x02f8") == "Avg="
    assert signed_bytes("solana_tx", "c2ln") == "c2ln"


def test_a_trial_that_fails_or_was_not_made_is_said_before_all_else() -> None:
    fields: dict[str, object] = {
        "chain": SOLANA.id, "done": True, "ok": False, "reason": "The token account is frozen.", "changes": [],
        "approvals": [], "owners": [], "fee_base": "5000", "units": 1, "block": 1,
    }  # fmt: skip
    failed = w.SimulationView(**fields)  # type: ignore[arg-type]
    good = w.SimulationView(**(fields | {"ok": True}))  # type: ignore[arg-type]
    made_ = payment(wish())
    found = say.warnings_of(Made(wish=made_.wish, views=(), total=made_.total, trials=(good, failed, "no method"),
                                 at_s=0.0, ids=("x",)))  # fmt: skip
    assert [kind for kind, _ in found] == ["bad", "warn"]
    assert "frozen" in found[0][1].words
    assert "no method" in found[1][1].words
