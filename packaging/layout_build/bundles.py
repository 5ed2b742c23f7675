"""Find Anchor IDL objects inside an npm tarball: as a JSON file, or as an object literal in a JavaScript bundle.

Nothing is executed: a bundle is read as text and the literal is parsed by the small reader below, which knows what
bundlers write for a constant object (bare or quoted keys, `!0` / `!1`, comments, trailing commas) and refuses the rest.
"""

import io
import json
import re
import tarfile
from typing import Any

BUNDLES = (".js", ".mjs", ".cjs")
_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e\+?\d+)?")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "!0": True, "!1": False}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}


class LiteralError(ValueError):
    """The text at this place is not a constant object literal."""


def read_literal(text: str, at: int) -> tuple[Any, int]:
    """The constant JavaScript literal that starts at `at`, and the offset after it.

    Raises:
        LiteralError: it holds anything that is not a constant.
    """
    at = _skip(text, at)
    head = text[at : at + 1]
    if head == "{":
        return _read_object(text, at + 1)
    if head == "[":
        return _read_array(text, at + 1)
    if head in {'"', "'", "`"}:
        return _read_string(text, at)
    for word, value in _WORDS.items():
        if head and text.startswith(word, at):
            return value, at + len(word)
    if match := _NUMBER.match(text, at):
        number = float(match[0])
        return (int(number) if number.is_integer() else number), match.end()
    raise LiteralError(f"no literal at offset {at}: {text[at : at + 20]!r}")


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _read_object(text: str, at: int) -> tuple[dict[str, Any], int]:
    out: dict[str, Any] = {}
    while True:
        at = _skip(text, at)
        if text[at : at + 1] == "}":
            return out, at + 1
        if text[at : at + 1] in {'"', "'"}:
            key, at = _read_string(text, at)
        elif match := _NAME.match(text, at):
            key, at = match[0], match.end()
        else:
            raise LiteralError(f"no key at offset {at}")
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise LiteralError(f"no colon at offset {at}")
        out[key], at = read_literal(text, at + 1)
        at = _after_comma(text, at, "}")


def _read_array(text: str, at: int) -> tuple[list[Any], int]:
    out: list[Any] = []
    while True:
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            return out, at + 1
        value, at = read_literal(text, at)
        out.append(value)
        at = _after_comma(text, at, "]")


def _after_comma(text: str, at: int, closing: str) -> int:
    at = _skip(text, at)
    if text[at : at + 1] == ",":
        return at + 1
    if text[at : at + 1] == closing:
        return at
    raise LiteralError(f"neither a comma nor {closing} at offset {at}")


def _read_string(text: str, at: int) -> tuple[str, int]:
    quote, at, out = text[at], at + 1, []
    while at < len(text) and text[at] != quote:
        if text[at] == "\\":
            at += 1
            if text[at] == "u":
                out.append(chr(int(text[at + 1 : at + 5], 16)))
                at += 4
            else:
                out.append(_ESCAPES.get(text[at], text[at]))
        elif text.startswith("${", at) and quote == "`":
            raise LiteralError(f"a template at offset {at}")
        else:
            out.append(text[at])
        at += 1
    if at >= len(text):
        raise LiteralError("an open string")
    return "".join(out), at + 1


def idls_in(tarball: bytes, program: str) -> list[dict[str, Any]]:
    """Every IDL of `program` in the tarball, in the order of its members' names, without repetitions."""
    found: list[dict[str, Any]] = []
    literal = re.compile(r"\{\s*[\"']?address[\"']?\s*:\s*[\"'`]" + re.escape(program) + r"[\"'`]")
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as archive:
        for member in sorted((m for m in archive if m.isfile()), key=lambda m: m.name):
            stored = archive.extractfile(member)
            if stored is None or not member.name.endswith((".json", *BUNDLES)):
                continue
            text = stored.read().decode("utf-8", "replace")
            if member.name.endswith(".json"):
                candidates = [json.loads(text)] if program in text else []
            else:
                candidates = [read_literal(text, match.start())[0] for match in literal.finditer(text)]
            for idl in candidates:
                is_idl = isinstance(idl, dict) and idl.get("address") == program and "instructions" in idl
                if is_idl and idl not in found:
                    found.append(idl)
    return found
