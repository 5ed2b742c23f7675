"""Mints and token accounts as bytes: what is paid with, and what is not."""

from hypothesis import given
from hypothesis import strategies as st
from solders.keypair import Keypair

from fluxdesk.chains.solana import messages, tokens

MINT = "So11111111111111111111111111111111111111112"


def mint(decimals: int = 6, supply: int = 5, initialised: bool = True) -> bytes:
    return bytes(36) + supply.to_bytes(8, "little") + bytes([decimals, initialised]) + bytes(36)


def extended(*extensions: tuple[int, bytes]) -> bytes:
    tail = b"".join(k.to_bytes(2, "little") + len(v).to_bytes(2, "little") + v for k, v in extensions)
    return mint().ljust(165, b"\0") + b"\x01" + tail


def test_a_plain_mint_is_read() -> None:
    read = tokens.read_mint(MINT, tokens.TOKEN, mint(9, 7))
    assert read is not None and (read.decimals, read.supply, read.account_size, read.obstacle) == (9, 7, 165, "")


def test_what_is_no_mint_is_none() -> None:
    for data in (b"", mint(initialised=False), mint() + b"x", bytes(165), mint().ljust(166, b"\0")):
        assert tokens.read_mint(MINT, tokens.TOKEN, data) is None
    assert tokens.read_mint(MINT, MINT, mint()) is None


def test_a_token_that_runs_its_issuers_program_or_cannot_move_is_not_paid_with() -> None:
    hooked = tokens.read_mint(MINT, tokens.TOKEN_2022, extended((14, bytes(32) + bytes([1] * 32))))
    idle = tokens.read_mint(MINT, tokens.TOKEN_2022, extended((14, bytes(64))))
    bound = tokens.read_mint(MINT, tokens.TOKEN_2022, extended((9, b"")))
    assert hooked and idle and bound
    assert "program of its issuer" in hooked.obstacle
    assert idle.obstacle == ""
    assert "cannot be transferred" in bound.obstacle


def test_accounts_of_extended_mints_are_larger() -> None:
    with_fee = tokens.read_mint(MINT, tokens.TOKEN_2022, extended((1, bytes(108))))
    assert with_fee is not None and with_fee.account_size == 165 + 1 + 4 + 12


def test_a_frozen_account_says_so() -> None:
    data = bytes(32) + bytes(32) + (77).to_bytes(8, "little") + bytes(36) + b"\x02" + bytes(56)
    held = tokens.read_account("a", tokens.TOKEN, data)
    assert held is not None and (held.amount, held.frozen) == (77, True)


@given(st.sampled_from([tokens.TOKEN, tokens.TOKEN_2022]), st.binary(max_size=600))
def test_any_bytes_are_read_or_are_none(program: str, data: bytes) -> None:
    for found in (tokens.read_mint(MINT, program, data), tokens.read_mint(MINT, program, extended() + data)):
        assert found is None or 0 <= found.decimals < 256
    held = tokens.read_account("a", program, data)
    assert held is None or 0 <= held.amount < 1 << 64


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_the_limit_is_a_tenth_above_what_was_used_and_the_fee_is_counted_up(used: int, price: int) -> None:
    limit = messages.padded_units(used)
    assert min(used, messages.COMPUTE_MOST) <= limit <= messages.COMPUTE_MOST
    assert limit == messages.COMPUTE_MOST or used * 11 <= limit * 10 < used * 11 + 10
    fee = messages.fee(limit, price)
    assert (fee - 5_000) * 10**6 >= limit * price > (fee - 5_001) * 10**6


def test_fees_of_recent_slots_by_share() -> None:
    assert messages.percentile([], 50) == 0
    assert [messages.percentile([5, 1, 3, 2, 4], p) for p in (0, 25, 50, 90, 100)] == [1, 2, 3, 5, 5]


@given(st.integers(1, 70))
def test_a_message_fits_the_packet_or_is_refused(count: int) -> None:
    from solders.hash import Hash
    from solders.system_program import TransferParams, transfer

    payer = Keypair.from_seed(bytes(32)).pubkey()
    keys = [Keypair.from_seed((n + 1).to_bytes(32, "big")).pubkey() for n in range(count)]
    calls = [transfer(TransferParams(from_pubkey=payer, to_pubkey=k, lamports=1)) for k in keys]
    try:
        data = messages.build(payer, calls, Hash.default())
    except messages.TooLarge:
        assert count > 20
        return
    assert len(messages.transaction(data, bytes(64))) <= messages.PACKET
