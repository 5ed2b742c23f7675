"""What a Token-2022 mint says about itself: its name and picture, and the group that it belongs to.

Sources: the token-metadata and token-group interfaces, whose instructions begin with eight bytes of a SHA-256.
"""

from hashlib import sha256

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.solana.instruction import BadData, Data, Instruction
from fluxdesk_host.signing.text import visible


def _tag(name: str) -> bytes:
    return sha256(name.encode()).digest()[:8]


_METADATA, _GROUP = "spl_token_metadata_interface:", "spl_token_group_interface:"
_NAMED = _tag(_METADATA + "initialize_account")
_FIELD = _tag(_METADATA + "updating_field")
_REMOVED = _tag(_METADATA + "remove_key_ix")
_EMITTED = _tag(_METADATA + "emitter")
_GROUPED = _tag(_GROUP + "initialize_token_group")
_LARGER = _tag(_GROUP + "update_group_max_size")
_MEMBER = _tag(_GROUP + "initialize_member")
_AUTHORITIES = {
    _tag(_METADATA + "update_the_authority"): "metadata authority",
    _tag(_GROUP + "update_authority"): "group authority",
}
_FIELDS = ("name", "symbol", "address")


def read(ix: Instruction) -> str | None:
    """The phrase of an instruction of the two interfaces; None for any other. Raises `BadData`."""
    d = Data(ix.data)
    tag, target = d.take(8), ix.at(0)
    if tag in _AUTHORITIES:
        return _authority(ix, d, _AUTHORITIES[tag])
    if tag == _NAMED:
        name, symbol, uri = _text(d), _text(d), _text(d)
        phrase = f"describes token {target} as “{name}” ({symbol}), with more at {uri}"
        ix.at(3)
    elif tag == _FIELD:
        kind = d.number(1)
        field = _FIELDS[kind] if kind < len(_FIELDS) else _text(d) if kind == len(_FIELDS) else None
        if field is None:
            return None
        phrase = f"writes “{_text(d)}” as the {field} of token {target}"
    elif tag == _REMOVED:
        if d.number(1) > 1:
            return None
        phrase = f"removes “{_text(d)}” from what token {target} says about itself"
    elif tag == _EMITTED:
        for _ in range(2):
            if d.option():
                d.number(8)
        d.end()
        return f"asks what token {target} says about itself"
    elif tag == _GROUPED:
        authority, most = d.key(), d.number(8)
        phrase = f"makes {target} a group of at most {most:,} tokens that {authority} may change"
    elif tag == _LARGER:
        phrase = f"lets group {target} have {d.number(8):,} tokens"
    elif tag == _MEMBER:
        phrase = f"makes token {target} a member of group {ix.at(3)}"
    else:
        return None
    d.end()
    ix.warn("token-setup")
    ix.effect(EffectKind.ACCOUNT, asset=f"spl:{target}", source=ix.known(0))
    return phrase


def _authority(ix: Instruction, d: Data, role: str) -> str:
    raw = d.take(32)
    d.end()
    target, to = ix.at(0), Data(raw).key() if any(raw) else None
    ix.at(1)
    ix.warn("authority" if to else "authority-removed", role=role, target=target, to=to or "")
    ix.effect(EffectKind.OWNERSHIP, asset=f"spl:{target}", source=ix.known(0), to=to)
    return f"hands the {role} of {target} to {to}" if to else f"gives up the {role} of {target}"


def _text(d: Data) -> str:
    """Text after its length of four bytes (borsh). Raises `BadData`."""
    try:
        return visible(d.take(d.number(4)).decode(), 64)
    except UnicodeDecodeError:
        raise BadData("text is not UTF-8") from None
