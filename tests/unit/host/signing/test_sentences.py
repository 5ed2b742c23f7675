"""Every kind of reading in one sentence, as docs/signing.md shows them side by side."""

import re
from pathlib import Path

import pytest
from eth_abi.abi import encode
from solders import system_program as system
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey

from fluxdesk_host.signing import (
    Reading,
    read_evm_authorisation,
    read_personal_message,
    read_solana_message,
    read_solana_text,
)
from fluxdesk_host.signing.solana.associated import ADDRESS as ASSOCIATED
from fluxdesk_host.signing.solana.stake import ADDRESS as STAKE
from fluxdesk_host.signing.solana.token import TOKEN as SPL
from fluxdesk_host.signing.solana.token import TOKEN_2022
from fluxdesk_host.signing.solana.vote import ADDRESS as VOTE
from fluxdesk_host.signing.text import checksummed
from requests_to_sign import (
    FRIEND,
    MAX,
    ME,
    ORIGIN,
    OTHER,
    PERMIT2,
    SINGLE,
    SOON,
    SPENDER,
    TOKEN,
    UNIVERSAL,
    V2_ROUTER,
    WETH,
    ZERO,
    call,
    calldata,
    document,
    fields,
    permit,
    read,
    sign_in,
    typed,
)

DOCS = (Path(__file__).resolve().parents[4] / "docs" / "signing.md").read_text(encoding="utf-8")
MINE, YOURS, THEIRS, MINT, ACCOUNT, NONCE = (Pubkey(bytes([n]) * 32) for n in range(1, 7))
SAFE = "0x" + "5a" * 20
NAMES = {
    ME: "ACCOUNT", FRIEND: "FRIEND", SPENDER: "SPENDER", TOKEN: "TOKEN", OTHER: "OTHER", SAFE: "SAFE",
    WETH: "WETH", str(MINE): "ACCOUNT", str(YOURS): "FRIEND", str(THEIRS): "OTHER", str(MINT): "MINT",
    str(ACCOUNT): "HOLDING", str(NONCE): "NONCE",
}  # fmt: skip
SEND = calldata("transfer(address,uint256)", FRIEND, 1_500_000)
SEND_SPL = b"\x0c" + (1_500_000).to_bytes(8, "little") + b"\6"


def solana(*instructions: Instruction) -> Reading:
    message = Message.new_with_blockhash(list(instructions), MINE, Hash(b"\7" * 32))
    return read_solana_message(bytes(message), account=str(MINE))


def ix(program: str, data: bytes, *accounts: Pubkey) -> Instruction:
    return Instruction(Pubkey.from_string(program), data, [AccountMeta(a, a == MINE, True) for a in accounts])


def tag(number: int) -> bytes:
    return number.to_bytes(4, "little")


def routed() -> Reading:
    details = ((TOKEN, 100, SOON, 0), UNIVERSAL, SOON)
    permitted = encode(["((address,uint160,uint48,uint48),address,uint256)", "bytes"], [details, b"s"])
    path = bytes.fromhex(TOKEN[2:]) + b"\0\1\2" + bytes.fromhex(WETH[2:])
    swap = encode(["address", "uint256", "uint256", "bytes", "bool"], [ROUTER, 100, 0, path, True])
    unwrap = encode(["address", "uint256"], ["0x" + "00" * 19 + "01", 10**15])
    return call("execute(bytes,bytes[],uint256)", b"\x0a\0\x0c", [permitted, swap, unwrap], SOON, to=UNIVERSAL)


ROUTER = "0x" + "00" * 19 + "02"


def seaport() -> Reading:
    item = "uint8 itemType", "address token", "uint256 identifierOrCriteria", "uint256 startAmount", "uint256 endAmount"
    types = {
        "OrderComponents": fields(
            "address offerer", "address zone", "OfferItem[] offer", "ConsiderationItem[] consideration",
            "uint8 orderType", "uint256 startTime", "uint256 endTime", "bytes32 zoneHash", "uint256 salt",
            "bytes32 conduitKey", "uint256 counter"),
        "OfferItem": fields(*item),
        "ConsiderationItem": fields(*item, "address recipient"),
    }  # fmt: skip
    nft = {"itemType": 2, "token": TOKEN, "identifierOrCriteria": 7, "startAmount": 1, "endAmount": 1}
    coin = {"itemType": 0, "token": ZERO, "identifierOrCriteria": 0, "startAmount": 5, "endAmount": 5, "recipient": ME}
    message = {
        "offerer": ME, "zone": ZERO, "offer": [nft], "consideration": [coin], "orderType": 0, "startTime": 0,
        "endTime": SOON, "zoneHash": "0x" + "00" * 32, "salt": 1, "conduitKey": "0x" + "00" * 32, "counter": 0,
    }  # fmt: skip
    return typed(document("OrderComponents", types, message, "0x0000000000000068f116a894984e2db1123eb395"))


def permit2() -> Reading:
    types = {
        "PermitSingle": fields("PermitDetails details", "address spender", "uint256 sigDeadline"),
        "PermitDetails": fields("address token", "uint160 amount", "uint48 expiration", "uint48 nonce"),
    }
    details = {"token": TOKEN, "amount": 2**160 - 1, "expiration": SOON, "nonce": 0}
    message = {"details": details, "spender": UNIVERSAL, "sigDeadline": SOON}
    return typed(document("PermitSingle", types, message, PERMIT2))


def safe_tx() -> Reading:
    types = {"SafeTx": fields(
        "address to", "uint256 value", "bytes data", "uint8 operation", "uint256 safeTxGas", "uint256 baseGas",
        "uint256 gasPrice", "address gasToken", "address refundReceiver", "uint256 nonce")}  # fmt: skip
    message = {
        "to": TOKEN, "value": 0, "data": "0x" + SEND.hex(), "operation": 0, "safeTxGas": 0, "baseGas": 0,
        "gasPrice": 0, "gasToken": ZERO, "refundReceiver": ZERO, "nonce": 9,
    }  # fmt: skip
    return typed(document("SafeTx", types, message, SAFE))


def authorised() -> Reading:
    types = {"TransferWithAuthorization": fields(
        "address from", "address to", "uint256 value", "uint256 validAfter", "uint256 validBefore",
        "bytes32 nonce")}  # fmt: skip
    message = {"from": ME, "to": FRIEND, "value": 5, "validAfter": 0, "validBefore": SOON, "nonce": "0x" + "01" * 32}
    return typed(document("TransferWithAuthorization", types, message))


def associated(*more: Instruction) -> Reading:
    made = ix(ASSOCIATED, b"\1", MINE, ACCOUNT, YOURS, MINT, system.ID, Pubkey.from_string(SPL))
    return solana(made, *more)


SENTENCES: dict[str, Reading] = {
    "native transfer": read(to=FRIEND, value=15 * 10**17),
    "ERC-20 transfer": read(SEND),
    "ERC-20 approve": call("approve(address,uint256)", SPENDER, 1_000_000),
    "ERC-20 approve, unlimited": call("approve(address,uint256)", SPENDER, MAX),
    "ERC-20 approve, taken back": call("approve(address,uint256)", SPENDER, 0),
    "increaseAllowance": call("increaseAllowance(address,uint256)", SPENDER, 5),
    "transferFrom": call("transferFrom(address,address,uint256)", OTHER, FRIEND, 5),
    "ERC-721 transfer": call("safeTransferFrom(address,address,uint256)", ME, FRIEND, 7),
    "ERC-1155 transfer": call("safeTransferFrom(address,address,uint256,uint256,bytes)", ME, FRIEND, 7, 3, b""),
    "setApprovalForAll": call("setApprovalForAll(address,bool)", SPENDER, True),
    "burn": call("burn(uint256)", 5),
    "Permit2 approve": call("approve(address,address,uint160,uint48)", TOKEN, SPENDER, 5, SOON, to=PERMIT2),
    "EIP-2612, submitted": call(
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)", OTHER, SPENDER, 5, SOON, 27, bytes(32),
        bytes(32)),
    "multicall": call("multicall(bytes[])", [SEND, calldata("approve(address,uint256)", SPENDER, MAX)]),
    "Multicall3": call("aggregate3((address,bool,bytes)[])", [(TOKEN, False, SEND)],
                       to="0xca11bde05977b3631167028862be2a173976ca11"),
    "account by ERC-7821": call("execute(bytes32,bytes)", b"\1".ljust(32, b"\0"),
                                encode(["(address,uint256,bytes)[]"], [[(TOKEN, 0, SEND)]]), to=ME),
    "Uniswap V2": call("swapExactTokensForTokens(uint256,uint256,address[],address,uint256)", 10, 3, [TOKEN, OTHER],
                       ME, SOON, to=V2_ROUTER),
    "Uniswap V3, for somebody else": call(SINGLE, (TOKEN, OTHER, 500, FRIEND, 10, 3, 0),
                                          to="0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45"),
    "universal router": routed(),
    "1inch": call("swap(address,(address,address,address,address,uint256,uint256,uint256),bytes)", SPENDER,
                  (TOKEN, OTHER, SPENDER, ME, 10, 3, 0), b"way", to="0x111111125421ca6dc452d289314280a0f8842a65"),
    "wrapping": read(calldata("deposit()"), WETH, 10**18),
    "contract creation": read(b"\x60\x80" * 400, None),
    "change of ownership": call("transferOwnership(address)", OTHER),
    "upgrade": call("upgradeTo(address)", OTHER),
    "Safe, new owner": call("addOwnerWithThreshold(address,uint256)", OTHER, 1, to=SAFE),
    "unknown call": read(b"\1\2\3\4" + bytes(32)),
    "call whose arguments do not fit": read(SEND[:-1]),
    "delegation (EIP-7702)": read_evm_authorisation({"chainId": 1, "address": OTHER, "nonce": 0}, account=ME),
    "permit (EIP-2612)": typed(permit()),
    "permit (EIP-2612), unlimited": typed(permit(value=str(MAX))),
    "permit (Permit2)": permit2(),
    "transfer by signature (EIP-3009)": authorised(),
    "offer (Seaport)": seaport(),
    "Safe transaction, typed": safe_tx(),
    "unknown typed data": typed(document("Thing", {"Thing": fields("uint256 x")}, {"x": 1})),
    "text": read_personal_message(b"I agree.", ORIGIN, account=ME, chain=1),
    "32 bytes": read_personal_message(bytes(range(128, 160)), ORIGIN, account=ME, chain=1),
    "sign-in": read_personal_message(sign_in().encode(), ORIGIN, account=ME, chain=1),
    "SOL transfer": solana(
        system.transfer(system.TransferParams(from_pubkey=MINE, to_pubkey=YOURS, lamports=5 * 10**8))),
    "SPL transfer": solana(ix(SPL, SEND_SPL, THEIRS, MINT, ACCOUNT, MINE)),
    "SPL transfer to a new account": associated(ix(SPL, SEND_SPL, THEIRS, MINT, ACCOUNT, MINE)),
    "SPL delegate, unlimited": solana(ix(SPL, b"\4" + b"\xff" * 8, ACCOUNT, THEIRS, MINE)),
    "SPL authority": solana(ix(SPL, b"\6\2\1" + bytes(THEIRS), ACCOUNT, MINE)),
    "SPL account closed for somebody else": solana(ix(SPL, b"\x09", ACCOUNT, THEIRS, MINE)),
    "Token-2022 transfer with fee": solana(ix(TOKEN_2022, b"\x1a\1" + SEND_SPL[1:] + (500).to_bytes(8, "little"),
                                              THEIRS, MINT, ACCOUNT, MINE)),
    "Token-2022, encrypted": solana(ix(TOKEN_2022, b"\x1b\7" + bytes(167), THEIRS, MINT, ACCOUNT, NONCE, MINE)),
    "Token-2022, permanent delegate": solana(ix(TOKEN_2022, b"\x23" + bytes(THEIRS), MINT)),
    "assign": solana(system.assign(system.AssignParams(pubkey=MINE, owner=THEIRS))),
    "durable nonce": solana(
        system.advance_nonce_account(system.AdvanceNonceAccountParams(nonce_pubkey=NONCE, authorized_pubkey=MINE)),
        system.transfer(system.TransferParams(from_pubkey=MINE, to_pubkey=YOURS, lamports=5))),
    "stake": solana(ix(STAKE, tag(2), ACCOUNT, THEIRS, NONCE, NONCE, NONCE, MINE)),
    "vote authority": solana(ix(VOTE, tag(1) + bytes(THEIRS) + tag(1), ACCOUNT, NONCE, MINE)),
    "unknown program": solana(ix(str(THEIRS), b"\1\2\3", MINE)),
    "transaction as a message": read_solana_text(bytes(Message.new_with_blockhash(
        [system.transfer(system.TransferParams(from_pubkey=MINE, to_pubkey=YOURS, lamports=5))], MINE,
        Hash(b"\7" * 32)))),
}  # fmt: skip


def shown(reading: Reading) -> str:
    """The sentence with names for the addresses that stand in it."""
    text = reading.sentence
    for address, name in NAMES.items():
        text = text.replace(checksummed(address), name).replace(address, name)
    return text


def table() -> str:
    """The rows of docs/signing.md."""
    return "\n".join(f"| {kind} | {r.danger} | {shown(r)} |" for kind, r in SENTENCES.items())


def test_the_sentences_are_those_of_the_table() -> None:
    section = DOCS.partition("## Sentences")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| [^|]+ \| \d \| .+ \|$", section, re.MULTILINE)
    assert rows == table().split("\n")


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_sentence_is_one(kind: str) -> None:
    sentence = SENTENCES[kind].sentence
    assert sentence[0].isupper() or not sentence[0].isalpha()
    assert sentence.endswith(".")
    assert not re.search(r"!|  |\.\.|\bsafe\b|\b1 \w+s\b(?! )", sentence)
    assert len(sentence) < 520


def test_every_reason_is_a_sentence() -> None:
    from fluxdesk_host.signing.reasons import REASONS

    for code, (_, words) in REASONS.items():
        assert words[0].isupper() or words[0] in "{1234567890", code
        assert words.endswith("."), code
        assert not re.search(r"!|\bsafe\b|guarantee", words), code
