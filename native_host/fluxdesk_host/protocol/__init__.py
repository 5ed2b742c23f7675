"""What bridge, extension, node and agent say to each other: frames, messages, errors, Noise, pairing. Does no I/O.

`frames`, `errors` and `reading` need the standard library alone, because the bridge runs without any package.
"""

PROTOCOL = 1
"""Raised when an old side would misunderstand a new one. Two sides with different numbers do not talk."""

VERSION = "0.1.0"
"""Of the programs in this package; for the reader of an error, not for decisions."""
