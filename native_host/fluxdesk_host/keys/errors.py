"""The named errors of the key code. Their texts never hold a secret, nor a word, a password or a byte of one."""


class KeyFormatError(ValueError):
    """A private key, seed, address, path or key file does not have the form it must have."""


class DerivationError(ValueError):
    """This path gives no key on this curve; with BIP-32 the next index is to be used."""


class SigningError(ValueError):
    """What is to be signed is not well-formed, contradicts itself, or is not what this key signs."""
