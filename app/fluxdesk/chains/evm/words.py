"""The shapes of JSON-RPC's texts, to be checked while an answer is decoded: what is longer or other is not read at all.

Source: Ethereum JSON-RPC specification (QUANTITY, DATA). No length is believed: a number has at most 256 bits.
"""

from typing import Annotated

from msgspec import Meta

Quantity = Annotated[str, Meta(pattern=r"^0x[0-9a-fA-F]{1,64}\Z", max_length=66)]
Height = Annotated[str, Meta(pattern=r"^0x[0-9a-fA-F]{1,15}\Z", max_length=17)]
"""A block number, a time or an index: it fits where such a thing is stored."""
Word = Annotated[str, Meta(pattern=r"^0x[0-9a-fA-F]{64}\Z", max_length=66)]
"""32 bytes: a hash, a topic."""
Address = Annotated[str, Meta(pattern=r"^0x[0-9a-fA-F]{40}\Z", max_length=42)]
Data = Annotated[str, Meta(pattern=r"^0x([0-9a-fA-F]{2})*\Z", max_length=8_000_000)]
