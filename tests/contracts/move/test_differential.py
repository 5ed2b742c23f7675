"""The Move virtual machine and `fluxdesk.core.meme_supply` agree on some hundred cases made here, aborts included."""

import random
from pathlib import Path

from contracts.move.compiler import compiler, package_beside, results
from fluxdesk.core.meme_supply import BPS, MOST_BPS, MOST_UNITS, Limiter, SupplyRefused, initial_supply

SEED = 20_261_121
CASES = 300
STEPS = 12
LEDGERS = 40


def amount(rng: random.Random) -> int:
    """u64 values, the edges as often as the middle."""
    return rng.choice([0, 1, 2, MOST_UNITS, MOST_UNITS - 1, rng.randrange(1 << rng.randrange(1, 65))])


def figure(rng: random.Random) -> int:
    return rng.choice([0, 1, BPS, MOST_BPS, rng.randrange(MOST_BPS + 1), rng.randrange(MOST_BPS + 1)])


def refused(code: int) -> str:
    return f"    #[expected_failure(abort_code = {code}, location = fluxus_meme::supply)]\n"


def initial_case(rng: random.Random, name: str) -> tuple[str, int]:
    """A test of `supply::initial`, and the abort code that it expects (0: none)."""
    figures = [figure(rng) for _ in range(3)]
    if rng.random() < 0.05:
        figures[rng.randrange(3)] = rng.choice([MOST_BPS + 1, MOST_UNITS])
    base = amount(rng)
    try:
        exact = initial_supply(base, 1 << 200, *figures)
    except SupplyRefused:
        exact = 1
    most = min(MOST_UNITS, rng.choice([exact, max(0, exact - 1), MOST_UNITS]))
    call = f"supply::initial({base}, {most}, {', '.join(map(str, figures))})"
    try:
        expected = initial_supply(base, most, *figures)
    except SupplyRefused as why:
        return f"    #[test]\n{refused(why.code)}    fun {name}() {{ {call}; }}\n", why.code
    return f"    #[test]\n    fun {name}() {{ assert!({call} == {expected}, 0); }}\n", 0


def limiter_case(rng: random.Random, name: str) -> tuple[str, int]:
    """A limiter that is asked for several amounts at several times; the last may be one too many."""
    capacity, period = amount(rng), max(1, amount(rng) >> rng.choice([0, 32, 50]))
    now = rng.randrange(1 << 40)
    limiter, code = Limiter(capacity, period, now), 0
    lines = [f"let limiter = supply::limiter_for_test({capacity}, {period}, {now});"]
    for _ in range(STEPS):
        now = max(0, now + rng.choice([0, 1, -3, period // 2, period + 1, rng.randrange(period)])) % (1 << 64)
        have = limiter.available(now)
        asked = rng.choice([0, min(1, have), have, have // 2, rng.randrange(have + 1)])
        if rng.random() < 0.03 and have < MOST_UNITS:
            asked = have + 1
        call = f"limiter.take_for_test({asked}, {now})"
        try:
            limiter = limiter.take(asked, now)
        except SupplyRefused as why:
            lines.append(f"{call};")
            code = why.code
            break
        lines.append(f"assert!({call} == {limiter.available(now)}, {len(lines)});")
    body = "\n        ".join(lines)
    return f"    #[test]\n{refused(code) if code else ''}    fun {name}() {{\n        {body}\n    }}\n", code


def ledger_case(rng: random.Random, name: str) -> str:
    """A token that is minted, paid out, passed on and burned: every balance as a ledger of integers says."""
    supply, treasury, purses = 1_000_000, 1_000_000, {0xA: 0, 0xB: 0, 0xC: 0}
    lines = ["generator::initialize(publisher, 1);", "block::set_block_info(1, 0);"]
    lines.append(
        'generator::generate_and_keep(publisher, b"T", b"T", 0, 1000000, 18446744073709551615, 18446744073709551615, 1,'
        " 0, 0, 0, HASH);"
    )
    lines += [f"units::accept_token({who}, 1);" for who in "abc"]
    for _ in range(STEPS):
        deed = rng.choice(["mint", "pay", "send", "burn"])
        if deed == "mint":
            minted = rng.randrange(1, 1 << 40)
            supply, treasury = supply + minted, treasury + minted
            lines.append(f"generator::mint_to_treasury(publisher, 1, {minted});")
            continue
        giver = rng.choice(list(purses))
        have = treasury if deed == "pay" else purses[giver]
        if have < 2:
            continue
        parts = [rng.randrange(1, have // 2 + 1) for _ in range(2)]
        if deed == "burn":
            purses[giver] -= parts[0]
            supply -= parts[0]
            lines.append(f"generator::burn_own({giver:x}, @fluxus_meme, 1, {parts[0]});")
            continue
        takers = [rng.choice(list(purses)) for _ in parts]
        given = f"vector[@{takers[0]:#x}, @{takers[1]:#x}], vector[{parts[0]}, {parts[1]}]"
        if deed == "pay":
            treasury -= sum(parts)
            lines.append(f"generator::batch_pay(publisher, 1, {given});")
        else:
            purses[giver] -= sum(parts)
            lines.append(f"units::batch_transfer({giver:x}, 1, {given});")
        for taker, part in zip(takers, parts, strict=True):
            purses[taker] += part
    assert supply == treasury + sum(purses.values())
    lines.append("let (supply, _, treasury, _) = generator::supply_of(@fluxus_meme, 1);")
    lines.append(f"assert!(supply == {supply} && treasury == {treasury}, 1);")
    lines += [f"assert!(units::balance(@{who:#x}, 1) == {value}, {who});" for who, value in purses.items()]
    body = "\n        ".join(lines)
    signers = "publisher: &signer, a: &signer, b: &signer, c: &signer"
    return (
        f"    #[test(publisher = @fluxus_meme, a = @0xA, b = @0xB, c = @0xC)]\n    fun {name}({signers}) {{\n"
        f"        {body}\n    }}\n"
    )


def module(name: str, uses: str, tests: list[str]) -> str:
    constant = f'    const HASH: vector<u8> = x"{"5a" * 32}";\n' if "HASH" in "".join(tests) else ""
    return f"#[test_only]\nmodule differential::{name} {{\n{uses}{constant}\n" + "\n".join(tests) + "}\n"


def test_the_vm_and_the_model_agree(tmp_path: Path) -> None:
    rng = random.Random(SEED)
    initial = [initial_case(rng, f"initial_{i}") for i in range(CASES)]
    limiter = [limiter_case(rng, f"limiter_{i}") for i in range(CASES)]
    ledger = [ledger_case(rng, f"ledger_{i}") for i in range(LEDGERS)]
    codes = [code for _, code in initial + limiter]
    assert {0, 20, 21, 22, 23} == set(codes)
    assert min(codes.count(code) for code in (20, 21, 22, 23)) > 10

    supply = "    use fluxus_meme::supply;\n"
    whole = "    use std::block;\n    use fluxus_meme::meme_generator as generator;\n    use fluxus_meme::units;\n"
    package = package_beside(
        tmp_path / "differential",
        {
            "initial.move": module("initial", supply, [text for text, _ in initial]),
            "limiter.move": module("limiter", supply, [text for text, _ in limiter]),
            "ledger.move": module("ledger", whole, ledger),
        },
    )
    outcome = compiler().run("test", package)
    found = results(outcome.output)
    assert [name for name, verdict in found.items() if verdict != "PASS"] == [], outcome.output[-4000:]
    assert len(found) == 2 * CASES + LEDGERS
    assert outcome.ok
