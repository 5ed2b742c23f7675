"""Secrets are wiped, and do not show themselves."""

import copy
import gc
import pickle

import pytest

from fluxdesk_host.keys.secret import Secret, SecretWiped, _Buffer


def test_closing_overwrites_the_bytes_that_views_still_show() -> None:
    secret = Secret(b"private key")
    view = secret.view()
    secret.close()
    assert bytes(view) == bytes(11)
    assert secret.closed
    with pytest.raises(SecretWiped):
        secret.view()


def test_a_secret_that_nobody_holds_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    wiped: list[bytes] = []
    wipe = _Buffer.wipe
    monkeypatch.setattr(_Buffer, "wipe", lambda buffer: (wiped.append(bytes(buffer)), wipe(buffer)))
    secret = Secret(b"private key")
    view = secret.view()
    del secret
    gc.collect()
    assert wiped == []  # a view is a holder too
    assert bytes(view) == b"private key"
    del view
    gc.collect()
    assert wiped == [b"private key"]


def test_leaving_the_block_wipes() -> None:
    with Secret(b"private key") as secret:
        buffer = secret.raw()
        assert len(secret) == 11
    assert buffer == bytes(11)


def test_it_is_neither_printed_nor_pickled_nor_copied_nor_hashed() -> None:
    secret = Secret(b"private key")
    assert "private" not in f"{secret} {secret!r} {[secret]}"
    for leak in (pickle.dumps, copy.copy, copy.deepcopy, hash):
        with pytest.raises(TypeError):
            leak(secret)


def test_a_view_cannot_be_written() -> None:
    with pytest.raises(TypeError):
        Secret(b"private key").view()[0] = 0


def test_a_fill_that_fails_leaves_nothing() -> None:
    seen: list[memoryview] = []

    def fill(out: memoryview) -> None:
        seen.append(out)
        out[:4] = b"half"
        raise OSError

    with pytest.raises(OSError):
        Secret.filled(8, fill)
    assert bytes(seen[0]) == bytes(8)


def test_equality_is_of_content() -> None:
    assert Secret(b"a") == Secret(b"a")
    assert Secret(b"a") != Secret(b"b")
    assert Secret(b"a") != b"a"


def test_fresh_bytes_that_were_taken_over_are_zeros_and_shared_ones_are_left() -> None:
    fresh = bytes.fromhex("a1b2c3d4" * 8)
    with Secret.taking(fresh) as secret:
        assert secret.view().hex() == "a1b2c3d4" * 8
    assert fresh == bytes(32)
    one = bytes((7,))  # of one byte there is one object in the whole program
    Secret.taking(one).close()
    assert bytes((7,)) == b"\x07"
    assert len(Secret.taking(b"")) == 0
