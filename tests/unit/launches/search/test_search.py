"""What a user types finds what they mean, in the order they expect; no text is an error; a lost index is made again."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fluxdesk.core.events import Kind, Row, Venue
from fluxdesk.launches.search import SearchIndex
from fluxdesk.store.facts import Batch, Sighting
from fluxdesk.store.repository import Repository, TokenText
from fluxdesk.store.writer import Store
from waiting import until

MINT = "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU"
OTHER = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM"
DEV = "DezXAZ8z7PnrnRJjz3wXBoRgixCa6xjnB7YaB1pPB263"


class Texts:
    """Tokens in memory, numbered in the order they were added, as a repository would give them."""

    def __init__(self) -> None:
        self.items: list[TokenText] = []

    def add(
        self, name: str | None, symbol: str | None = None, *, mint: str | None = None, creator: str = "dev",
        about: str | None = None, created_s: int | None = None, network: str = "solana",
    ) -> str:  # fmt: skip
        seq = len(self.items) + 1
        mint = mint or f"Mint{seq:040d}"
        born = 1_790_000_000 if created_s is None else created_s
        self.items.append(TokenText(network, mint, Venue.PUMPFUN, name, symbol, creator, about, born, seq))
        return mint

    def texts(self, since: int = 0) -> Iterator[TokenText]:
        return (t for t in self.items if t.text_seq >= since)

    def checkpoint(self) -> int:
        return len(self.items)


@pytest.fixture
def texts() -> Texts:
    return Texts()


@pytest.fixture
def find(texts: Texts, tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    """Symbols (else names) of the hits, after the index has caught up."""
    index = SearchIndex(tmp_path / "search", texts)

    def ask(text: str, limit: int = 10) -> list[str]:
        index.follow()
        return [h.symbol or h.name or h.mint for h in index.search(text, limit)]

    yield ask
    index.close()


def test_words_must_all_be_there_in_any_field(texts: Texts, find: Callable[..., list[str]]) -> None:
    texts.add("Moon Dog", "MD")
    texts.add("Moon Cat", "MC", about="not a dog")
    texts.add("Sun Dog", "SD")
    assert find("moon dog") == ["MD", "MC"]


def test_or_takes_either(texts: Texts, find: Callable[..., list[str]]) -> None:
    for name, symbol in (("Moon Dog", "MD"), ("Cat", "C"), ("Bird", "B")):
        texts.add(name, symbol)
    assert sorted(find("moon dog OR cat")) == ["C", "MD"]
    assert sorted(find("dog|bird ")) == ["B", "MD"]


def test_a_small_or_is_a_word(texts: Texts, find: Callable[..., list[str]]) -> None:
    texts.add("do or die", "DOD")
    texts.add("die hard", "DH")
    assert find("do or die") == ["DOD"]


def test_the_last_word_may_be_unfinished(texts: Texts, find: Callable[..., list[str]]) -> None:
    texts.add("Moonshot Capital", "MSC")
    assert find("moonshot cap") == ["MSC"]
    assert find("moo") == ["MSC"]
    assert find("moo ") == []


def test_quotes_ask_for_neighbours(texts: Texts, find: Callable[..., list[str]]) -> None:
    texts.add("to the moon", "A")
    texts.add("the moon goes to", "B")
    assert find('"to the moon"') == ["A"]
    assert sorted(find("to the moon")) == ["A", "B"]


@pytest.mark.parametrize("typed", ["dogge", "doge1", "dgoe", "doe", "dogs", "dage"])
def test_one_typo_is_forgiven(texts: Texts, find: Callable[..., list[str]], typed: str) -> None:
    texts.add("The Doge", "DOGE")
    assert find(typed) == ["DOGE"]


def test_two_typos_are_not(texts: Texts, find: Callable[..., list[str]]) -> None:
    texts.add("The Doge", "DOGE")
    assert find("dxgx") == []


def test_the_order_is_mint_symbol_name_word_prefix_description_typo(
    texts: Texts, find: Callable[..., list[str]]
) -> None:
    texts.add("x", "TYPO", about="pepee", mint=MINT)
    texts.add("y", "ABOUT", about="about pepe")
    texts.add("z", "PEPENOMICS")
    texts.add("big pepe", "WORD")
    texts.add("Pepe", "NAME")
    texts.add("w", "PEPE")
    assert find("pepe") == ["PEPE", "NAME", "WORD", "PEPENOMICS", "ABOUT", "TYPO"]


def test_an_exact_mint_is_first(texts: Texts, find: Callable[..., list[str]]) -> None:
    texts.add(MINT, "NAMED LIKE IT")
    texts.add("Right", "RIGHT", mint=MINT)
    texts.add("Made by it", "MADE", creator=MINT)
    assert find(MINT)[0] == "RIGHT"
    assert set(find(f"  {MINT} ")) == {"RIGHT", "MADE", "NAMED LIKE IT"}


def test_addresses_are_found_from_their_start_and_creators_too(texts: Texts, find: Callable[..., list[str]]) -> None:
    texts.add("A", "A", mint=MINT, creator=DEV)
    texts.add("B", "B", mint=OTHER, creator=DEV)
    assert find(MINT[:6]) == ["A"]
    assert sorted(find(DEV)) == ["A", "B"]
    assert sorted(find(DEV[:9])) == ["A", "B"]


def test_evm_addresses_match_in_any_case(texts: Texts, find: Callable[..., list[str]]) -> None:
    texts.add("Wrapped", "WETH", mint="0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", network="evm:1")
    assert find("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2") == ["WETH"]


def test_equals_come_newest_first(texts: Texts, find: Callable[..., list[str]]) -> None:
    for born in (1_700_000_000, 1_790_000_500, 1_790_000_000):
        texts.add(f"Cat {born}", "CAT", created_s=born, mint=f"M{born}")
    index_order = find("cat")
    assert index_order == ["CAT"] * 3
    assert find(" 1790000000 OR 1700000000 OR 1790000500 ") == ["CAT"] * 3


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Café Crème", "cafe creme"),
        ("cafe creme", "CAFÉ CRÈME"),
        ("ＦＵＬＬＷＩＤＴＨ", "fullwidth"),
        ("Straße", "strasse"),
        ("ΕΛΛΆΔΑ", "ελλαδα"),
        ("Ёлка", "елка"),
        ("猫咪币", "猫咪币"),
        ("猫咪币", "咪币"),
        ("ドージコイン", "ドージ"),
        ("도지 코인", "도지"),
        ("ไทยคอยน์", "ไทยคอยน์"),
        ("عملة", "عملة"),
        ("🚀🚀", "🚀🚀"),
        ("to the 🌙", "🌙"),
        ("👨‍👩‍👧 family", "👨‍👩‍👧"),
        ("$$$", "$$$"),
        ("...", "..."),
        ("C++", "c++"),
        ("a-b_c", "a-b_c"),
        ("x" * 150, "x" * 150),
    ],
)
def test_names_in_any_script_are_found_by_their_text(
    texts: Texts, find: Callable[..., list[str]], name: str, typed: str
) -> None:
    texts.add("something else", "ELSE", about="nothing")
    texts.add(name)
    assert find(typed) == [name]


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", '"', '"""', "OR", "OR OR", "|", "a OR", "name:x", "+a -b", "a AND (b", "[a TO b]", "/re[/", "~2",
        "a^9", "*", "?", "\\", "\x00", "\ud83d", "x" * 5000, "a " * 500, "{}", "'; DROP TABLE tokens;--", "<b>",
        "é" * 300,
    ],
)  # fmt: skip
def test_no_text_is_an_error(texts: Texts, find: Callable[..., list[str]], typed: str) -> None:
    texts.add("name", "NAME")
    assert isinstance(find(typed), list)


def test_hits_say_what_matched(texts: Texts, tmp_path: Path) -> None:
    texts.add("Alpha", "ALP", mint=MINT, creator=DEV, about="the best")
    index = SearchIndex(tmp_path / "search", texts)
    index.follow()
    asked = {MINT: "mint", DEV: "creator", "alp": "symbol", "alpha": "name", "best": "description", "alpja": "name"}
    assert {typed: index.search(typed)[0].matched for typed in asked} == asked
    assert index.search("alpha", 0) == []
    index.close()


def test_what_changed_is_found_by_its_new_text_only(texts: Texts, find: Callable[..., list[str]]) -> None:
    mint = texts.add("Before", "B")
    assert find("before") == ["B"]
    texts.items[0] = TokenText("solana", mint, Venue.PUMPFUN, "After", "A", None, None, 1, 2)
    assert find("after") == ["A"]
    assert find("before") == []


def test_the_same_address_on_two_networks_is_two_hits(texts: Texts, find: Callable[..., list[str]]) -> None:
    texts.add("One", "ONE", mint="0xaa", network="evm:1")
    texts.add("Two", "TWO", mint="0xaa", network="evm:8453")
    assert sorted(find("0xaa")) == ["ONE", "TWO"]


def test_an_index_goes_on_where_it_stopped(texts: Texts, tmp_path: Path) -> None:
    texts.add("First", "F")
    index = SearchIndex(tmp_path / "search", texts)
    assert index.follow() == 1
    assert index.follow() == 0
    index.close()
    texts.add("Second", "S")
    index = SearchIndex(tmp_path / "search", texts)
    assert index.message == ""
    assert [h.symbol for h in index.search("first")] == ["F"]
    index.follow()
    assert index.documents == 2
    index.close()


def damage_segments(folder: Path) -> None:
    for file in folder.glob("*.store"):
        file.write_bytes(b"\x00" * 10)
    for file in folder.glob("*.term"):
        file.write_bytes(file.read_bytes()[:7])


DAMAGE: dict[str, Callable[[Path], None]] = {
    "its list of segments is no JSON": lambda f: (f / "meta.json").write_text("{") and None,
    "its list of segments is gone": lambda f: (f / "meta.json").unlink(),
    "its mark is gone": lambda f: (f / "mark.json").unlink(),
    "its mark is no JSON": lambda f: (f / "mark.json").write_bytes(b"\xff") and None,
    "its mark is of another version": lambda f: (
        (f / "mark.json").write_text(json.dumps({"version": 0, "through": 1, "documents": 1})) and None
    ),
    "its mark is ahead of the tables": lambda f: (
        (f / "mark.json").write_text(json.dumps({"version": 1, "through": 99, "documents": 1})) and None
    ),
    "its mark counts more tokens": lambda f: (
        (f / "mark.json").write_text(json.dumps({"version": 1, "through": 2, "documents": 9})) and None
    ),
    "its segments are cut": damage_segments,
    "everything in it is gone": lambda f: [file.unlink() for file in f.iterdir()] and None,
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_index_is_made_anew_and_said(texts: Texts, tmp_path: Path, how: str) -> None:
    folder = tmp_path / "search"
    texts.add("First", "F")
    texts.add("Second", "S")
    index = SearchIndex(folder, texts)
    index.follow()
    index.close()
    DAMAGE[how](folder)
    index = SearchIndex(folder, texts)
    assert "being made anew" in index.message
    assert index.search("first") == []
    index.follow()
    assert [h.symbol for h in index.search("first")] == ["F"]
    index.close()


def test_a_missing_index_is_no_news(texts: Texts, tmp_path: Path) -> None:
    texts.add("First", "F")
    index = SearchIndex(tmp_path / "search", texts)
    index.follow()
    index.close()
    shutil.rmtree(tmp_path / "search")
    index = SearchIndex(tmp_path / "search", texts)
    assert index.message == ""
    assert index.follow() == 1
    index.close()


def test_an_index_of_no_tokens_is_not_made_anew(texts: Texts, tmp_path: Path) -> None:
    for _ in range(2):
        index = SearchIndex(tmp_path / "search", texts)
        index.follow()
        assert index.message == ""
        index.close()
    texts.add("First", "F")
    index = SearchIndex(tmp_path / "search", texts)
    assert index.follow() == 1
    assert [h.symbol for h in index.search("first")] == ["F"]
    index.close()


def test_it_follows_a_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.sqlite")
    repository = Repository(tmp_path / "store.sqlite")
    index = SearchIndex(tmp_path / "search", repository)

    def launch(seq: int, name: str) -> None:
        row = Row(
            kind=Kind.LAUNCH, venue=Venue.PUMPFUN, signature=f"s{seq}", token_mint=f"M{seq}", name=name, symbol="X",
            block_time=1_790_000_000,
        )  # fmt: skip
        store.apply(Batch(seq, [Sighting(seq, "logs A", "solana", 1, row)]))

    launch(1, "Alpha")
    assert index.follow() == 1
    launch(2, "Beta")
    store.describe("solana", "M1", "a very special thing")
    index.follow()
    assert [h.mint for h in index.search("beta")] == ["M2"]
    assert [h.mint for h in index.search("special")] == ["M1"]
    assert index.follow() == 0
    index.close()
    repository.close()
    store.close()


class Failing(Texts):
    """Tables that cannot be read once."""

    def __init__(self) -> None:
        super().__init__()
        self.failures = 0

    def texts(self, since: int = 0) -> Iterator[TokenText]:
        if not self.failures:
            self.failures += 1
            raise sqlite3.OperationalError("database is locked")
        return super().texts(since)


def test_tables_that_cannot_be_read_for_a_moment_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxdesk.launches.search.index.EVERY_S", 0.01)
    texts = Failing()
    texts.add("Kelp Emperor", "KELPO")
    index = SearchIndex(tmp_path / "search", texts)
    index.start()
    try:
        until(lambda: [hit.symbol for hit in index.search("kelpo", 10)] == ["KELPO"])
    finally:
        index.close()
    assert texts.failures == 1
