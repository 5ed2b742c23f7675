"""The typed Python client of a program: one function an instruction, one struct an account and event."""

from interfaces.model import FIRST_ERROR, Instruction, Program, Record

_TYPES = {
    "u8": "int", "u16": "int", "u32": "int", "u64": "int", "i64": "int", "bool": "bool", "string": "str",
    "pubkey": "Pubkey", "hash": "bytes",
}  # fmt: skip


def client(program: Program) -> str:
    """The text of the module."""
    records = [*program.accounts, *program.events]
    parts = [_head(program, records)]
    parts += [_errors(program)]
    parts += [_record(r) for r in records]
    parts += [_call(c) for c in program.instructions]
    return "\n\n\n".join(parts) + "\n"


def _head(program: Program, records: list[Record]) -> str:
    lines = [f'"""{program.doc}', "", "Made by contracts/solana/interfaces, not by hand.", '"""', ""]
    lines += ["from collections.abc import Sequence"] * any(
        "vec:" in a.type for c in program.instructions for a in c.args
    )
    lines += ["from enum import IntEnum", "from typing import TYPE_CHECKING", "", "import msgspec", ""]
    lines += ["from fluxdesk.chains.solana.programs.wire import instruction, record"]
    lines += [
        "",
        "if TYPE_CHECKING:",
        "    from solders.instruction import Instruction",
        "    from solders.pubkey import Pubkey",
    ]
    lines += ["", f'ADDRESS = "{program.address}"']
    lines += [f"{name} = {value:_}" for name, value in program.constants.items()]
    lines += ["CALLS = {"]
    lines += [f'    bytes.fromhex("{c.discriminator.hex()}"): "{c.name}",' for c in program.instructions]
    lines += ["}", '"""Instruction names by their first eight bytes."""']
    events = [r for r in records if r.kind == "event"]
    if events:
        lines += ["EVENTS = {"]
        lines += [f'    bytes.fromhex("{r.discriminator.hex()}"): "{r.name}",' for r in events]
        lines += ["}", '"""Event names by their first eight bytes."""']
    return "\n".join(lines)


def _errors(program: Program) -> str:
    lines = ["class Error(IntEnum):", '    """The errors the program names."""', ""]
    lines += [f"    {name} = {FIRST_ERROR + i}" for i, (name, _) in enumerate(program.errors)]
    lines += ["", "", "SENTENCES = {"]
    lines += [f'    Error.{name}: "{text}",' for name, text in program.errors]
    return "\n".join([*lines, "}"])


def _record(r: Record) -> str:
    doc = r.doc or f"{'Event' if r.kind == 'event' else 'Account'} `{r.name}`."
    lines = [f"class {r.name}(msgspec.Struct, frozen=True):", f'    """{doc}"""', ""]
    for f in r.fields:
        lines.append(f"    {f.name}: {_type(f.type, 'tuple')}")
        lines += [f'    """{f.doc}"""'] * bool(f.doc)
    lines += [""] * bool(r.fields)
    lines += ["    @classmethod", f'    def decode(cls, data: bytes) -> "{r.name}":']
    lines += ['        """Of its bytes, discriminator included. Raises `NotThis`."""']
    layout = ", ".join(f'"{f.type}"' for f in r.fields) + ("," if len(r.fields) == 1 else "")
    lines += [f'        return cls(*record(data, bytes.fromhex("{r.discriminator.hex()}"), _{r.name.upper()}))']
    lines += ["", "", f"_{r.name.upper()} = ("] if r.fields else ["", "", f"_{r.name.upper()}: tuple[str, ...] = ()"]
    if r.fields:
        lines.pop()
        lines += (
            [f"_{r.name.upper()} = ({layout})  # fmt: skip"]
            if len(layout) < 90
            else [f"_{r.name.upper()} = (", *[f'    "{f.type}",' for f in r.fields], ")"]
        )
    return "\n".join(lines)


def _call(c: Instruction) -> str:
    lines = [f"def {c.name}(", '    program: "Pubkey",', "    *,"]
    given = [a for a in c.accounts if not a.address]
    lines += [f'    {a.name}: "Pubkey",' for a in given]
    lines += [f"    {f.name}: {_type(f.type, 'Sequence')}," for f in c.args]
    lines += [') -> "Instruction":', f'    """{c.doc}"""' if len(c.doc) < 110 else _wrapped(c.doc)]
    lines += [
        "    return instruction(",
        "        program,",
        f'        bytes.fromhex("{c.discriminator.hex()}"),',
        "        (",
    ]
    for a in c.accounts:
        value = f'"{a.address}"' if a.address else a.name
        lines.append(f"            ({value}, {a.signer}, {a.writable}),")
    lines += ["        ),"]
    if len(c.args) == 1:
        lines.append(f'        (("{c.args[0].type}", {c.args[0].name}),),')
    elif not c.args:
        lines.append("        (),")
    else:
        lines.append("        (")
        lines += [f'            ("{f.type}", {f.name}),' for f in c.args] + ["        ),"]
    return "\n".join([*lines, "    )"])


def _wrapped(doc: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(f'"""{doc}', 110, initial_indent="    ", subsequent_indent="    ")) + '\n    """'


def _type(name: str, many: str) -> str:
    if name.startswith("vec:"):
        inner = _TYPES[name[4:]]
        text = f"{many}[{inner}]" if many == "Sequence" else f"tuple[{inner}, ...]"
    else:
        text = _TYPES[name]
    return f'"{text}"' if "Pubkey" in text else text
