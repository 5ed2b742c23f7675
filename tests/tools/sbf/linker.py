"""A static linker for one BPF object file: relocatable ELF in, Solana SBPF v0 shared object out.

The loader wants `.text` and read-only data mapped at 0x1_0000_0000 plus their file offset, and finds runtime calls
through `R_BPF_64_32` entries in `.rel.dyn` that name a dynamic symbol (solana-sbpf, `elf.rs`). Only what small programs
need is linked; anything else (writable data, other relocations) is refused."""

import struct
from dataclasses import dataclass, field

PROGRAM_START = 0x1_0000_0000
EM_BPF, EM_SBPF = 247, 247
SHT_PROGBITS, SHT_SYMTAB, SHT_STRTAB, SHT_DYNAMIC, SHT_NOBITS, SHT_REL, SHT_DYNSYM = 1, 2, 3, 6, 8, 9, 11
SHF_WRITE, SHF_ALLOC, SHF_EXEC = 1, 2, 4
R_BPF_64_64, R_BPF_64_32 = 1, 10
STT_SECTION = 3
PT_LOAD, PT_DYNAMIC = 1, 2
DT_NULL, DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_SYMENT, DT_REL, DT_RELSZ, DT_RELENT = 0, 5, 6, 10, 11, 17, 18, 19
EHDR, PHDR, SHDR, SYM, REL = (
    struct.Struct("<16sHHIQQQIHHHHHH"),
    struct.Struct("<IIQQQQQQ"),
    struct.Struct("<IIQQQQIIQQ"),
    struct.Struct("<IBBHQQ"),
    struct.Struct("<QQ"),
)
CALL_TO_SYSCALL = b"\xff\xff\xff\xff"


class CannotLink(Exception):
    """The object needs something this linker does not do."""


@dataclass(slots=True)
class Section:
    """A section of the input object, and where it went."""

    name: str
    kind: int
    flags: int
    data: bytes
    link: int
    info: int
    align: int
    address: int = 0


@dataclass(slots=True)
class Symbol:
    """A symbol of the input object. `section` 0 is an extern: a runtime call."""

    name: str
    kind: int
    section: int
    value: int


@dataclass(slots=True)
class Image:
    """Text and read-only data placed one behind the other, and the runtime calls found on the way."""

    base: int
    body: bytearray = field(default_factory=bytearray)
    calls: list[tuple[int, str]] = field(default_factory=list)

    def place(self, section: Section) -> None:
        """Append a section at its alignment."""
        align = max(section.align, 8)
        self.body += bytes(-(self.base + len(self.body)) % align)
        section.address = self.base + len(self.body)
        self.body += section.data


def link(obj: bytes, entry: str = "entrypoint") -> bytes:
    """The shared object of a relocatable object. Raises `CannotLink`."""
    sections, symbols = _read(obj)
    text = [s for s in sections if s.kind == SHT_PROGBITS and s.flags & SHF_EXEC and s.data]
    rodata = [
        s for s in sections if s.kind == SHT_PROGBITS and s.flags & SHF_ALLOC and not s.flags & SHF_EXEC and s.data
    ]
    rodata = [s for s in rodata if s.name != ".eh_frame"]  # unwind tables: the VM has no use for them
    for section in sections:
        writable = section.flags & SHF_WRITE and section.flags & SHF_ALLOC and section.data
        if writable or (section.kind == SHT_NOBITS and section.info):
            raise CannotLink(f"{section.name}: a program has no writable globals")
    image = Image(base=EHDR.size + 3 * PHDR.size)
    for section in [*text, *rodata]:
        image.place(section)
    text_end = text[-1].address + len(text[-1].data)
    image.body += bytes(-len(image.body) % 8)
    for section in sections:
        if section.kind == SHT_REL and sections[section.info] in [*text, *rodata]:
            _relocate(image, section.data, sections[section.info], sections, symbols)
    start = next((s for s in symbols if s.name == entry and s.section), None)
    if start is None:
        raise CannotLink(f"{entry} is not defined")
    return _write(image, text_end, entry, sections[start.section].address + start.value)


def _read(obj: bytes) -> tuple[list[Section], list[Symbol]]:
    head = EHDR.unpack_from(obj)
    if obj[:4] != b"\x7fELF" or head[2] != EM_BPF:
        raise CannotLink("not a BPF object file")
    offset, count, names_index = head[6], head[12], head[13]
    rows = [SHDR.unpack_from(obj, offset + i * SHDR.size) for i in range(count)]
    names = _bytes(obj, rows[names_index])
    sections = [
        Section(_text(names, r[0]), r[1], r[2], _bytes(obj, r), r[6], r[5] if r[1] == SHT_NOBITS else r[7], r[8])
        for r in rows
    ]
    table = next(s for s in sections if s.kind == SHT_SYMTAB)
    strings = sections[table.link].data
    symbols = [
        Symbol(_text(strings, name), info & 15, section, value)
        for name, info, _, section, value, _ in SYM.iter_unpack(table.data)
    ]
    return sections, symbols


def _bytes(obj: bytes, row: tuple[int, ...]) -> bytes:
    return b"" if row[1] == SHT_NOBITS else obj[row[4] : row[4] + row[5]]


def _text(table: bytes, at: int) -> str:
    return table[at : table.index(b"\0", at)].decode()


def _relocate(image: Image, entries: bytes, target: Section, sections: list[Section], symbols: list[Symbol]) -> None:
    for offset, info in REL.iter_unpack(entries):
        symbol, kind = symbols[info >> 32], info & 0xFFFFFFFF
        place = target.address + offset
        at = place - image.base
        if kind == R_BPF_64_64 and symbol.section:
            low, high = (
                struct.unpack_from("<I", image.body, at + 4)[0],
                struct.unpack_from("<I", image.body, at + 12)[0],
            )
            address = PROGRAM_START + sections[symbol.section].address + symbol.value + (low | high << 32)
            struct.pack_into("<I", image.body, at + 4, address & 0xFFFFFFFF)
            struct.pack_into("<I", image.body, at + 12, address >> 32)
        elif kind == R_BPF_64_32 and symbol.section:
            (addend,) = struct.unpack_from("<i", image.body, at + 4)
            inside = (addend + 1) * 8 if symbol.kind == STT_SECTION else 0
            destination = sections[symbol.section].address + symbol.value + inside
            struct.pack_into("<i", image.body, at + 4, (destination - place) // 8 - 1)
        elif kind == R_BPF_64_32:
            image.body[at + 1] = 0x10
            image.body[at + 4 : at + 8] = CALL_TO_SYSCALL
            image.calls.append((place, symbol.name))
        else:
            raise CannotLink(f"relocation {kind} against {symbol.name or 'a section'} in {target.name}")


def _write(image: Image, text_end: int, entry: str, entry_address: int) -> bytes:
    calls = list(dict.fromkeys(name for _, name in image.calls))
    strings, name_at = bytearray(b"\0"), {}
    for name in [*calls, entry]:
        name_at[name] = len(strings)
        strings += name.encode() + b"\0"
    dynsym = bytes(SYM.size) + b"".join(SYM.pack(name_at[n], 0x10, 0, 0, 0, 0) for n in calls)
    dynsym += SYM.pack(name_at[entry], 0x12, 0, 1, entry_address, 0)
    rel = b"".join(REL.pack(place, (calls.index(name) + 1) << 32 | R_BPF_64_32) for place, name in image.calls)

    at_dynamic = image.base + len(image.body)
    at_dynsym = at_dynamic + 16 * 8
    at_dynstr = at_dynsym + len(dynsym)
    at_rel = (at_dynstr + len(strings) + 7) // 8 * 8
    tags = [(DT_REL, at_rel), (DT_RELSZ, len(rel)), (DT_RELENT, REL.size)] if rel else []
    tags += [
        (DT_SYMTAB, at_dynsym),
        (DT_SYMENT, SYM.size),
        (DT_STRTAB, at_dynstr),
        (DT_STRSZ, len(strings)),
        (DT_NULL, 0),
    ]
    dynamic = b"".join(REL.pack(*tag) for tag in tags).ljust(16 * 8, b"\0")

    out = bytearray(at_rel)
    out[image.base : image.base + len(image.body)] = image.body
    out[at_dynamic : at_dynamic + len(dynamic)] = dynamic
    out[at_dynsym : at_dynsym + len(dynsym)] = dynsym
    out[at_dynstr : at_dynstr + len(strings)] = strings
    out += rel
    headers = [
        ("", 0, 0, 0, 0, 0, 0, 0, 0),
        (".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXEC, image.base, text_end - image.base, 0, 0, 8, 0),
        (".rodata", SHT_PROGBITS, SHF_ALLOC, text_end, at_dynamic - text_end, 0, 0, 1, 0),
        (".dynamic", SHT_DYNAMIC, SHF_ALLOC | SHF_WRITE, at_dynamic, len(dynamic), 5, 0, 8, 16),
        (".dynsym", SHT_DYNSYM, SHF_ALLOC, at_dynsym, len(dynsym), 5, 1, 8, SYM.size),
        (".dynstr", SHT_STRTAB, SHF_ALLOC, at_dynstr, len(strings), 0, 0, 1, 0),
        (".rel.dyn", SHT_REL, SHF_ALLOC, at_rel, len(rel), 4, 0, 8, REL.size),
        (".shstrtab", SHT_STRTAB, 0, len(out), 0, 0, 0, 1, 0),
    ]
    names, rows = bytearray(b"\0"), []
    for name, kind, flags, offset, size, link_to, info, align, entry_size in headers:
        at = len(names) if name else 0
        names += name.encode() + b"\0" if name else b""
        address = offset if flags & SHF_ALLOC else 0
        rows.append([at, kind, flags, address, offset, size, link_to, info, align, entry_size])
    rows[-1][5] = len(names)
    out += names
    out += bytes(-len(out) % 8)
    at_headers = len(out)
    out += b"".join(SHDR.pack(*row) for row in rows)
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    sizes = (EHDR.size, PHDR.size, 3, SHDR.size, len(rows), len(rows) - 1)
    EHDR.pack_into(out, 0, ident, 3, EM_SBPF, 1, entry_address, EHDR.size, at_headers, 0, *sizes)
    segments = [
        (PT_LOAD, 5, image.base, text_end - image.base, 0x1000),
        (PT_LOAD, 4, text_end, at_rel + len(rel) - text_end, 0x1000),
        (PT_DYNAMIC, 6, at_dynamic, len(dynamic), 8),
    ]
    for i, (kind, flags, offset, size, align) in enumerate(segments):
        PHDR.pack_into(out, EHDR.size + i * PHDR.size, kind, flags, offset, offset, offset, size, size, align)
    return bytes(out)
