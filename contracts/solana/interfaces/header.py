"""The C header of a program: discriminators, account places, error numbers, constants."""

from interfaces.model import FIRST_ERROR, Program, snake


def header(program: Program) -> str:
    """The text of `interface.h`."""
    lines = [f"/* {program.name}: made by contracts/solana/interfaces, not by hand. */", "#pragma once", ""]
    lines.append("/* The first eight bytes, as one little-endian number. */")
    for kind, named in (
        ("CALL", program.instructions),
        ("ACCOUNT", program.accounts),
        ("EVENT", program.events),
    ):
        for one in named:
            number = int.from_bytes(one.discriminator, "little")
            lines.append(f"#define {kind}_{snake(one.name).upper()} {number:#018x}ULL")
    lines += ["", "enum {"]
    lines += [f"  {name} = {FIRST_ERROR + i}," for i, name in enumerate(_errors(program))]
    lines += ["};", ""]
    lines += [f"#define {name} {value}LL" for name, value in program.constants.items()]
    for call in program.instructions:
        prefix = call.name.upper()
        names = [f"{prefix}_{account.name.upper()}" for account in call.accounts]
        lines += ["", "enum { " + ", ".join([*names, f"{prefix}_ACCOUNTS"]) + " };"]
    return "\n".join(lines) + "\n"


def _errors(program: Program) -> list[str]:
    return ["ERR_" + snake(name).upper() for name, _ in program.errors]
