"""Calldata that takes an allowance back. Selectors of ERC-20 and ERC-721 (`approve`, `setApprovalForAll`) and Permit2.

Sources: EIP-20, EIP-721, EIP-1155; Uniswap's permit2 `IAllowanceTransfer` (`approve(address,address,uint160,uint48)`).
"""

APPROVE = bytes.fromhex("095ea7b3")
APPROVE_ALL = bytes.fromhex("a22cb465")
PERMIT2_APPROVE = bytes.fromhex("87517c45")
PERMIT2 = "0x000000000022d473030f116ddee9f6b43ac78ba3"
"""The one address of Permit2, on every chain that has it."""
REVOKING = frozenset({APPROVE, APPROVE_ALL, PERMIT2_APPROVE})


def nothing_more(spender: str) -> bytes:
    """`approve(spender, 0)` of an ERC-20."""
    return APPROVE + _word(spender) + bytes(32)


def nobody_for(token_id: int) -> bytes:
    """`approve(0, tokenId)` of an ERC-721: nobody may take this one any more."""
    return APPROVE + bytes(32) + token_id.to_bytes(32, "big")


def no_operator(operator: str) -> bytes:
    """`setApprovalForAll(operator, false)` of an ERC-721 or ERC-1155."""
    return APPROVE_ALL + _word(operator) + bytes(32)


def nothing_through_permit2(token: str, spender: str) -> bytes:
    """`approve(token, spender, 0, 0)` of Permit2: no amount, and it ran out long ago."""
    return PERMIT2_APPROVE + _word(token) + _word(spender) + bytes(64)


def _word(address: str) -> bytes:
    return bytes(12) + bytes.fromhex(address[2:])
