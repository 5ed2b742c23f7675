"""What the pages say to type exists, and what they say stands on the screen stands in the sources."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import typer

from fluxdesk.cli.commands import app

ROOT = Path(__file__).parents[3]
PAGES = sorted([ROOT / "README.md", ROOT / "extension" / "README.md", *(ROOT / "docs").glob("*.md")])
COMMAND = re.compile(r"(?:^    |`)fluxdesk ([a-z][^`\n]*)", re.MULTILINE)
LABEL = re.compile(r"[a-z ]+ [0-9]")
"""`fluxdesk pairing code 1` and the like are labels of cryptography, no commands."""
GUIDE = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)#:]+?)(?:#[^)]*)?\)")


def below(command: Any) -> dict[str, Any]:
    """The commands of a group by name; none where it is no group."""
    found: dict[str, Any] = getattr(command, "commands", {})
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_is_one(page: Path) -> None:
    for words in COMMAND.findall(page.read_text(encoding="utf-8")):
        if LABEL.fullmatch(words):
            continue
        found = typer.main.get_command(app)
        assert below(found)
        for word in words.split():
            if not below(found) or word[0] == "-":
                break  # the rest are arguments
            assert word in below(found), f"fluxdesk {words}"
            found = below(found)[word]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_of_a_page_is_one(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = re.findall(r"(?:^    |`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) - targets == set()


def shown() -> set[str]:
    """Every text of the window's sources, and those of the popup, whole."""
    texts: set[str] = set()
    for file in (ROOT / "app" / "fluxdesk" / "desktop").rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        texts |= {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    for file in (ROOT / "extension" / "src" / "popup").rglob("*.ts"):
        texts |= set(re.findall(r'"([^"\n]*)"', file.read_text(encoding="utf-8")))
    return texts


def test_what_the_wallet_chapter_says_is_on_the_screen_is_in_the_sources() -> None:
    chapter = GUIDE.partition("## Wallet\n")[2].partition("\n## ")[0]
    bold = set(re.findall(r"\*\*([^*]+)\*\*", chapter))
    assert len(bold) >= 30
    assert bold - shown() == set()
    parts = re.findall(r"^### (.*)", chapter, re.MULTILINE)
    assert parts == [
        "Make one, or bring one", "Back it up", "Practise first", "Pair a browser", "Connect a site",
        "Approve or reject", "Send", "History", "What others may take", "Limits, and the emergency stop", "Lock",
        "Remember on this device", "Accounts, and moving to fresh keys",
        "Address book, and addresses to be warned of", "Second factor", "Export a key", "Log",
    ]  # fmt: skip
