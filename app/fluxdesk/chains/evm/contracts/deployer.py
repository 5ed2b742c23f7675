"""Addresses that follow from the code: CREATE2 through the deterministic deployment proxy.

Source: EIP-1014; the proxy and its address are those of github.com/Arachnid/deterministic-deployment-proxy, which
stands on nearly every EVM chain and, from its start, on anvil. Its calldata are a salt of 32 bytes and the creation
code. Nobody owns it, and the same code gives the same address on every chain.
"""

from fluxdesk.chains.evm.contracts.built import keccak256

DEPLOYER = "0x4e59b44847b379578588920ca78fbf26c0b4956c"
DEPLOYER_CODE = bytes.fromhex(
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0"
    "3601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
)
"""What must stand there: an account with other code at this address is not the proxy."""
NO_SALT = bytes(32)
MOST_CODE = 49_152
"""Bytes of creation code (EIP-3860)."""


def address_of(code: bytes, salt: bytes = NO_SALT, sender: str = DEPLOYER) -> str:
    """Where the proxy puts what this creation code (with its arguments) makes."""
    return "0x" + keccak256(b"\xff" + bytes.fromhex(sender[2:]) + salt + keccak256(code))[12:].hex()


def made_by(address: str, nonce: int) -> str:
    """Where a contract puts the one that it makes by CREATE as its `nonce`th, from one (Yellow Paper, 7)."""
    number = nonce.to_bytes(8, "big").lstrip(b"\0")
    rest = number if nonce < 0x80 else bytes([0x80 + len(number)]) + number
    body = b"\x94" + bytes.fromhex(address[2:]) + rest
    return "0x" + keccak256(bytes([0xC0 + len(body)]) + body)[12:].hex()


def call_of(code: bytes, salt: bytes = NO_SALT) -> bytes:
    """The proxy's calldata."""
    return salt + code
