"""Attacks on the redaction: each secret, in each dress it is likely to wear, must not survive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.core.redaction import redact, redact_value

PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
LONG_PHRASE = (
    "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic avoid \
letter advice cage absurd amount doctor acoustic bless"
)
HEX_KEY = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
KEYPAIR = "5MaiiCavjCmn9Hs1o3eznqDEhRwxo7pXiAYez7keQUviUkauRiTMD8DrESdrNjN8zd9mTmVhRvBJeg5vhyvgrAhG"
KEY = "a1B2c3D4e5F6a7B8c9D0e1F2"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"wss://user:{KEY}@rpc.example.org/ws", KEY),
        ("https://user:p@ss@rpc.example.org/", "p@ss"),
        ("https://user:p/ss@rpc.example.org/", "p/ss"),
        (f"connecting to wss://rpc.example.org/?api-key={KEY} failed", KEY),
        (f"https://rpc.example.org/v2/{KEY}", KEY),
        (f"https://rpc.example.org/v2/{KEY}/extra?x=1#frag", KEY),
        (f"HTTPS://RPC.EXAMPLE.ORG/V2/{KEY}", KEY),
        ("https://rpc.example.org/#access_token=shortone", "shortone"),
        ("http://[::1]:8899/?token=abc", "abc"),
        ("postgresql://fluxdesk:hunter2@db/fluxdesk", "hunter2"),
        ("password=hunter2", "hunter2"),
        ("password: hunter2", "hunter2"),
        ("passphrase is hunter2", "hunter2"),
        ('{"password": "hunter2 with spaces"}', "hunter2"),
        ("{'api_key': 'hunter2'}", "hunter2"),
        ("X-API-Key: hunter2", "hunter2"),
        ("Authorization: Bearer hunter2hunter2", "hunter2"),
        ("Authorization: Basic aHVudGVyMjpodW50ZXIy", "aHVudGVyMjpodW50ZXIy"),
        ("sent bearer abcdefgh12345678", "abcdefgh12345678"),
        ("Cookie: session=hunter2", "hunter2"),
        ("client_secret=hunter2&x=y", "hunter2"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIifQ.c2lnbmF0dXJl", "c2lnbmF0dXJl"),
        (HEX_KEY, HEX_KEY[6:]),
        (f"0x{HEX_KEY}", HEX_KEY[6:]),
        (f"key {HEX_KEY.upper()}.", HEX_KEY.upper()[6:]),
        (HEX_KEY * 2, HEX_KEY[6:]),
        (KEYPAIR, KEYPAIR[6:]),
        (f"secret={KEYPAIR}", KEYPAIR[:6]),
        ("L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1", "rK1yDtCWekvXuE6oXD9jCYfFNV2cWRp"),
        (str(list(range(100, 164))), "101, 102, 103"),
        (",".join(str(x) for x in range(64)), "10,11,12"),
        (PHRASE, "sausage"),
        (PHRASE.upper(), "SAUSAGE"),
        (LONG_PHRASE, "doctor"),
        (PHRASE.replace(" ", "\n"), "sausage"),
        (PHRASE.replace(" ", ", "), "sausage"),
        (str(PHRASE.split()), "sausage"),
        (" ".join(f"{i}. {word}" for i, word in enumerate(PHRASE.split(), 1)), "sausage"),
        (f"the phrase was {PHRASE}", "sausage"),
        (f"{PHRASE} and this is the end of it", "sausage"),
        (f"mnemonic: {PHRASE}", "sausage"),
    ],
)
def test_a_secret_does_not_survive(text: str, secret: str) -> None:
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Connected to wss://rpc.example.org:8900/ws after 3 tries",
        "mint EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v has 6 decimals",
        "pair 0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2 created",
        "the node could not reach the first endpoint and will try the other ones again after eight seconds",
        "1,234,567 events in 12.5 s, 0 lost",
        "decoded=100 unknown=2 refused=0 token_amount=1000000",
    ],
)
def test_what_is_public_stays_readable(text: str) -> None:
    assert redact(text) == text


def test_two_lines_about_one_transaction_can_still_be_matched() -> None:
    assert redact(KEYPAIR).startswith(KEYPAIR[:6])
    assert redact(f"0x{HEX_KEY}").startswith(f"0x{HEX_KEY[:6]}")


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("password", "x", "x"),
        ("API_KEY", "x", "x"),
        ("headers", {"Authorization": "Bearer hunter2hunter2", "host": "a"}, "hunter2"),
        ("endpoints", [f"wss://rpc.example.org/?api-key={KEY}"], KEY),
        ("key", list(range(64)), "33"),
        ("raw", bytes.fromhex(HEX_KEY), "4c"),
        ("words", PHRASE.split(), "sausage"),
        ("error", ValueError(f"bad url https://a:{KEY}@b/"), KEY),
    ],
)
def test_structured_fields_are_redacted_too(name: str, value: object, secret: str) -> None:
    assert secret not in str(redact_value(name, value))


def test_numbers_and_switches_keep_their_type() -> None:
    assert redact_value("slot", 435_946_190) == 435_946_190
    assert redact_value("ok", True) is True
    assert redact_value("gap", None) is None


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (
            "/home/ann/.local/share/pipx/venvs/fluxdesk/lib/python3.11/site-packages/fluxdesk/node/engine.py",
            "fluxdesk/node/engine.py",
        ),
        ("/home/ann/code/open/some/more/deep/down/there/else/nice/app/fluxdesk/core/logs.py", "fluxdesk/core/logs.py"),
        ("/usr/lib/python3.12/asyncio/runners.py", "asyncio/runners.py"),
        ("/home/ann/one/two/three/four/five/six/seven/eight/nine/ten/eleven/alone.py", "alone.py"),
    ],
)
def test_a_traceback_says_module_and_line_and_no_folder_of_the_user(path: str, shown: str) -> None:
    text = f'  File "{path}", line 12, in read\n    raise ValueError("wss://a:{KEY}@b/")\n'
    assert redact(text).startswith(f'  File "{shown}", line 12, in read\n')
    assert "ann" not in redact(text)
    assert KEY not in redact(text)


def test_the_home_folder_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert redact("The profile /home/ann/.local is in use; see /home/ann") == "The profile ~/.local is in use; see ~"
    assert redact("/home/ann, /home/anna and /mnt/home/ann stay apart") == "~, /home/anna and /mnt/home/ann stay apart"


@given(st.text(max_size=300))
def test_any_text_is_accepted_and_stays_hidden_when_redacted_again(text: str) -> None:
    once = redact(text)
    assert isinstance(redact(once), str)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_private_key_is_hidden_wherever_it_stands_between_spaces(before: str, after: str) -> None:
    assert HEX_KEY[6:] not in redact(f"{before} {HEX_KEY} {after}")


@pytest.mark.parametrize("unit", ["a ", "1,", "ab", "abc ", "0x", "://", "password", "eyJ", "a.", "key=", "the cat "])
def test_a_long_hostile_text_ends(unit: str) -> None:
    assert redact(unit * 20_000) is not None
