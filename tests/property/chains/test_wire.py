"""Our transaction parser against the reference implementation in solders, and against anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import Message, MessageV0, MessageV1, TransactionConfig
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

from fluxdesk.chains.solana.wire import WireError, parse_transaction

KEYS = [Pubkey.new_unique() for _ in range(40)]
PAYER = Keypair.from_seed(bytes(32))
instructions = st.lists(
    st.builds(
        Instruction,
        st.sampled_from(KEYS[:4]),
        st.binary(max_size=300),
        st.lists(st.builds(AccountMeta, st.sampled_from(KEYS[4:]), st.just(value=False), st.booleans()), max_size=20),
    ),
    max_size=6,
)


@given(instructions, st.booleans())
def test_a_transaction_reads_as_the_reference_reads_it(calls: list[Instruction], versioned: bool) -> None:
    table = AddressLookupTableAccount(Pubkey.new_unique(), KEYS[20:])
    if versioned:
        message: Message | MessageV0 = MessageV0.try_compile(PAYER.pubkey(), calls, [table], Hash.default())
    else:
        message = Message.new_with_blockhash(calls, PAYER.pubkey(), Hash.default())
    tx = VersionedTransaction(message, [PAYER])
    got = parse_transaction(bytes(tx))
    assert got["signatures"] == [str(s) for s in tx.signatures]
    assert got["version"] == (0 if versioned else "legacy")
    assert got["message"]["accountKeys"] == [str(k) for k in message.account_keys]
    assert [(i["programIdIndex"], i["accounts"], i["data"]) for i in got["message"]["instructions"]] == [
        (i.program_id_index, list(i.accounts), bytes(i.data)) for i in message.instructions
    ]
    if isinstance(message, MessageV0):
        assert [
            (x["accountKey"], x["writableIndexes"], x["readonlyIndexes"]) for x in got["message"]["addressTableLookups"]
        ] == [
            (str(x.account_key), list(x.writable_indexes), list(x.readonly_indexes))
            for x in message.address_table_lookups
        ]


settings_v1 = st.builds(
    TransactionConfig,
    priority_fee=st.none() | st.integers(0, 2**64 - 1),
    compute_unit_limit=st.none() | st.integers(0, 2**32 - 1),
    loaded_accounts_data_size_limit=st.none() | st.integers(0, 2**32 - 1),
    heap_size=st.none() | st.just(32768),
)


@given(instructions, settings_v1)
def test_a_version_1_transaction_reads_as_the_reference_reads_it(
    calls: list[Instruction], config: TransactionConfig
) -> None:
    message = MessageV1.try_compile(PAYER.pubkey(), calls, Hash.default(), config)
    tx = VersionedTransaction(message, [PAYER])
    data = bytes(tx)
    got = parse_transaction(data)
    assert got["version"] == 1
    assert got["signatures"] == [str(s) for s in tx.signatures]
    assert got["message"]["accountKeys"] == [str(k) for k in message.account_keys]
    assert [(i["programIdIndex"], i["accounts"], i["data"]) for i in got["message"]["instructions"]] == [
        (i.program_id_index, list(i.accounts), bytes(i.data)) for i in message.instructions
    ]
    for cut in (1, 41, len(data) // 2, len(data) - 1):
        with pytest.raises(WireError):
            parse_transaction(data[:cut])


@given(st.binary(max_size=400))
def test_any_bytes_parse_or_are_refused_by_name(data: bytes) -> None:
    try:
        parse_transaction(data)
    except WireError:
        return


def test_every_cut_of_a_transaction_is_refused() -> None:
    message = Message.new_with_blockhash(
        [Instruction(KEYS[0], b"abc", [AccountMeta(KEYS[9], False, True)])], PAYER.pubkey(), Hash.default()
    )
    data = bytes(VersionedTransaction(message, [PAYER]))
    for cut in range(len(data)):
        with pytest.raises(WireError):
            parse_transaction(data[:cut])
