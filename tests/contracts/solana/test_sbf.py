"""The compiler step and the linker: what they make, what they refuse, and that it is the same bytes every time."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction import Transaction

from fluxdesk.chains.solana.programs import built
from fluxdesk.chains.solana.programs.built import Name
from fluxdesk.core.resources import ResourceMissing
from sbf.__main__ import RESOURCES
from sbf.build import SOLANA, CannotCompile, build
from sbf.linker import CannotLink, link

PROGRAMS = json.loads((SOLANA / "programs.json").read_text())


def ran(so: bytes, data: bytes = b"") -> list[str]:
    """Log lines of one call of the program."""
    svm, payer, program = LiteSVM(), Keypair(), Pubkey.new_unique()
    svm.airdrop(payer.pubkey(), 10**9)
    svm.add_program(program, so)
    message = Message.new_with_blockhash([Instruction(program, data, [])], payer.pubkey(), svm.latest_blockhash())
    done = svm.send_transaction(Transaction([payer], message, svm.latest_blockhash()))
    return list(done.logs() if hasattr(done, "logs") else done.meta().logs())


def compiled(folder: Path, text: str) -> bytes:
    """The program of a C text."""
    source = folder / "program.c"
    source.write_text('#include "solana.h"\n' + text)
    return build(source)


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_the_program_is_the_recorded_one_byte_for_byte(name: str) -> None:
    so = build(SOLANA / PROGRAMS[name]["source"])
    assert (sha256(so).hexdigest(), len(so)) == (PROGRAMS[name]["sha256"], PROGRAMS[name]["bytes"])


@pytest.mark.parametrize("name", ["claim", "launchpad"])
def test_the_program_in_the_resources_is_the_recorded_one(name: Name) -> None:
    assert sha256(built.program(name)).hexdigest() == PROGRAMS[name]["sha256"]


def test_a_program_that_was_changed_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (RESOURCES / "claim.json").read_text()
    broken = tmp_path / "contracts" / "solana" / "claim.json"
    broken.parent.mkdir(parents=True)
    monkeypatch.setattr("fluxdesk.core.resources.roots", lambda: (tmp_path,))
    for text in (whole.replace('"so": "f0VM', '"so": "f0VN'), whole[:-40], "{}", whole.replace('"claim"', '"other"')):
        broken.write_text(text)
        with pytest.raises(ResourceMissing, match="claim"):
            built.program("claim")


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_another_folder_makes_the_same_bytes(name: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a longer name" / "solana"
    shutil.copytree(SOLANA, elsewhere, ignore=shutil.ignore_patterns("__pycache__"))
    so = build(elsewhere / PROGRAMS[name]["source"], elsewhere / "include")
    assert sha256(so).hexdigest() == PROGRAMS[name]["sha256"]


def test_code_constants_calls_and_runtime_calls_end_up_where_they_are_looked_for(tmp_path: Path) -> None:
    so = compiled(
        tmp_path,
        """static const u8 WORDS[] = "a constant";
        APART u64 twice(u64 x) { return 2 * x; }
        u64 entrypoint(const u8 *input) { sol_log_(WORDS, sizeof WORDS - 1); return twice(read_u64(input) + 4); }""",
    )
    lines = ran(so)
    assert "Program log: a constant" in lines
    assert any(line.endswith("custom program error: 0x8") for line in lines)


def test_a_global_that_can_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotLink, match="no writable globals"):
        compiled(tmp_path, "u64 count = 3; u64 entrypoint(const u8 *i) { (void)i; return ++count; }")


def test_a_zeroed_global_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotLink, match="no writable globals"):
        compiled(tmp_path, "static u64 count; u64 entrypoint(const u8 *i) { (void)i; return ++count; }")


def test_a_function_nobody_has_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(CannotLink, match="memcpy is neither"):
        compiled(
            tmp_path,
            "void memcpy(u8 *, const u8 *, u64);u64 entrypoint(const u8 *i) { u8 b[9]; memcpy(b, i, 9); return 0; }",
        )


def test_a_program_without_an_entry_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotLink, match="entrypoint is not defined"):
        compiled(tmp_path, "u64 start(const u8 *i) { return *i; }")


def test_what_is_no_object_file_is_refused() -> None:
    with pytest.raises(CannotLink, match="not a BPF object"):
        link(b"\x7fELF but of something else, and long enough to hold a header of 64 bytes")


def test_the_compilers_words_are_passed_on(tmp_path: Path) -> None:
    with pytest.raises(CannotCompile, match="unused"):
        compiled(tmp_path, "u64 entrypoint(const u8 *i) { int unused; return *i; }")
