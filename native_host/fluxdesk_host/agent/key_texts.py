"""Private keys as other programs read and write them. Blocks: an EVM key file derives a key of its own.

Text cannot be wiped: what passes through here lives until Python uses its memory again.
"""

from typing import Literal

from fluxdesk_host.agent.vault import Family
from fluxdesk_host.keys.secret import Secret


def read_key(
    form: Literal["evm", "solana", "keystore_v3"], text: bytearray, password: bytearray
) -> tuple[Family, Secret]:
    """The family and the 32 bytes. Raises `KeyFormatError` or `WrongPassword`."""
    from fluxdesk_host.keys import keystore_v3, raw_keys
    from fluxdesk_host.keys.errors import KeyFormatError

    try:
        written, word = text.decode(), password.decode()
    except UnicodeDecodeError:
        raise KeyFormatError("a key is written in text") from None
    if form == "evm":
        return "evm", raw_keys.parse_evm_key(written)
    if form == "solana":
        return "solana", raw_keys.parse_solana_key(written)
    return "evm", keystore_v3.decrypt(written, word)


def written_key(family: Family, key: Secret, form: Literal["text", "file"], password: bytearray) -> bytearray:
    """The key as text or as the file of its family. Raises `KeyFormatError` or `SecretWiped`."""
    from fluxdesk_host.keys import keystore_v3, raw_keys

    if family == "evm" and form == "file":
        return bytearray(keystore_v3.encrypt(key, password.decode()).encode())
    if family == "evm":
        made = raw_keys.format_evm_key(key)
    else:
        made = raw_keys.format_solana_keypair(key) if form == "file" else raw_keys.format_solana_key(key)
    with made:
        return bytearray(made.view())
