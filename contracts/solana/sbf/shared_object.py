"""The file a Solana loader accepts: headers, one image of code and constants, tables that name runtime calls."""

from sbf.elf import (
    DT_NULL,
    DT_REL,
    DT_RELENT,
    DT_RELSZ,
    DT_STRSZ,
    DT_STRTAB,
    DT_SYMENT,
    DT_SYMTAB,
    EHDR,
    EM_BPF,
    PHDR,
    PT_DYNAMIC,
    PT_LOAD,
    R_BPF_64_32,
    REL,
    SHDR,
    SHF_ALLOC,
    SHF_EXEC,
    SHF_WRITE,
    SHT_DYNAMIC,
    SHT_DYNSYM,
    SHT_PROGBITS,
    SHT_REL,
    SHT_STRTAB,
    SYM,
)

HEADERS = 3
"""Program headers in front of the image: code, constants with tables, dynamic section."""
_DYNAMIC_TAGS = 16


def write(
    body: bytes, base: int, text_end: int, calls_at: list[tuple[int, str]], entry: str, entry_address: int
) -> bytes:
    """The shared object of an image that begins at file offset `base`.

    Args:
        body: Code and constants, relocated; a multiple of 8 bytes.
        base: File offset and address of the image.
        text_end: Where code ends and constants begin.
        calls_at: Address of each call of the runtime, and its name.
        entry: Name of the entry point.
        entry_address: Where it is.
    """
    calls = list(dict.fromkeys(name for _, name in calls_at))
    strings, name_at = bytearray(b"\0"), {}
    for name in [*calls, entry]:
        name_at[name] = len(strings)
        strings += name.encode() + b"\0"
    dynsym = bytes(SYM.size) + b"".join(SYM.pack(name_at[n], 0x10, 0, 0, 0, 0) for n in calls)
    dynsym += SYM.pack(name_at[entry], 0x12, 0, 1, entry_address, 0)
    rel = b"".join(REL.pack(place, (calls.index(name) + 1) << 32 | R_BPF_64_32) for place, name in calls_at)

    at_dynamic = base + len(body)
    at_dynsym = at_dynamic + _DYNAMIC_TAGS * REL.size
    at_dynstr = at_dynsym + len(dynsym)
    at_rel = (at_dynstr + len(strings) + 7) // 8 * 8
    tags = [(DT_REL, at_rel), (DT_RELSZ, len(rel)), (DT_RELENT, REL.size)] if rel else []
    tags += [(DT_SYMTAB, at_dynsym), (DT_SYMENT, SYM.size), (DT_STRTAB, at_dynstr), (DT_STRSZ, len(strings))]
    tags += [(DT_NULL, 0)]
    dynamic = b"".join(REL.pack(*tag) for tag in tags).ljust(_DYNAMIC_TAGS * REL.size, b"\0")

    out = bytearray(at_rel)
    out[base : base + len(body)] = body
    out[at_dynamic : at_dynamic + len(dynamic)] = dynamic
    out[at_dynsym : at_dynsym + len(dynsym)] = dynsym
    out[at_dynstr : at_dynstr + len(strings)] = strings
    out += rel
    sections = [
        ("", 0, 0, 0, 0, 0, 0, 0, 0),
        (".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXEC, base, text_end - base, 0, 0, 8, 0),
        (".rodata", SHT_PROGBITS, SHF_ALLOC, text_end, at_dynamic - text_end, 0, 0, 1, 0),
        (".dynamic", SHT_DYNAMIC, SHF_ALLOC | SHF_WRITE, at_dynamic, len(dynamic), 5, 0, 8, 16),
        (".dynsym", SHT_DYNSYM, SHF_ALLOC, at_dynsym, len(dynsym), 5, 1, 8, SYM.size),
        (".dynstr", SHT_STRTAB, SHF_ALLOC, at_dynstr, len(strings), 0, 0, 1, 0),
        (".rel.dyn", SHT_REL, SHF_ALLOC, at_rel, len(rel), 4, 0, 8, REL.size),
        (".shstrtab", SHT_STRTAB, 0, len(out), 0, 0, 0, 1, 0),
    ]
    rows = _named(out, sections)
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    at_headers = len(out) - len(rows) * SHDR.size
    sizes = (EHDR.size, PHDR.size, HEADERS, SHDR.size, len(rows), len(rows) - 1)
    EHDR.pack_into(out, 0, ident, 3, EM_BPF, 1, entry_address, EHDR.size, at_headers, 0, *sizes)
    segments = [
        (PT_LOAD, 5, base, text_end - base, 0x1000),
        (PT_LOAD, 4, text_end, at_rel + len(rel) - text_end, 0x1000),
        (PT_DYNAMIC, 6, at_dynamic, len(dynamic), 8),
    ]
    for i, (kind, flags, offset, size, align) in enumerate(segments):
        PHDR.pack_into(out, EHDR.size + i * PHDR.size, kind, flags, offset, offset, offset, size, size, align)
    return bytes(out)


def _named(out: bytearray, sections: list[tuple[str, int, int, int, int, int, int, int, int]]) -> list[list[int]]:
    """Append the section names and the section headers; the headers."""
    names, rows = bytearray(b"\0"), []
    for name, kind, flags, offset, size, link_to, info, align, entry_size in sections:
        at = len(names) if name else 0
        names += name.encode() + b"\0" if name else b""
        rows.append(
            [at, kind, flags, offset if flags & SHF_ALLOC else 0, offset, size, link_to, info, align, entry_size]
        )
    rows[-1][5] = len(names)
    out += names
    out += bytes(-len(out) % 8)
    out += b"".join(SHDR.pack(*row) for row in rows)
    return rows
