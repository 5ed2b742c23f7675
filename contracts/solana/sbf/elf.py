"""What is read of a relocatable BPF object file: its sections and symbols (System V ABI, chapter 4, 64-bit)."""

import struct
from dataclasses import dataclass

EM_BPF = 247
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

    @property
    def is_code(self) -> bool:
        """Whether it holds instructions."""
        return self.kind == SHT_PROGBITS and bool(self.flags & SHF_EXEC) and bool(self.data)

    @property
    def is_constants(self) -> bool:
        """Whether it holds read-only data. Unwind tables are not counted: the VM has no use for them."""
        loaded = self.kind == SHT_PROGBITS and bool(self.flags & SHF_ALLOC) and not self.flags & SHF_EXEC
        return loaded and bool(self.data) and self.name != ".eh_frame"

    @property
    def is_writable(self) -> bool:
        """Whether it holds globals that a program could change."""
        return bool(self.flags & SHF_WRITE and self.flags & SHF_ALLOC) and bool(self.data or self.info)


@dataclass(slots=True)
class Symbol:
    """A symbol of the input object. `section` 0 is an extern: a runtime call."""

    name: str
    kind: int
    section: int
    value: int


def read(obj: bytes) -> tuple[list[Section], list[Symbol]]:
    """Sections and symbols of an object file. Raises `CannotLink`."""
    if len(obj) < EHDR.size or obj[:4] != b"\x7fELF" or EHDR.unpack_from(obj)[2] != EM_BPF:
        raise CannotLink("not a BPF object file")
    head = EHDR.unpack_from(obj)
    offset, count, names_index = head[6], head[12], head[13]
    try:
        rows = [SHDR.unpack_from(obj, offset + i * SHDR.size) for i in range(count)]
    except struct.error as e:
        raise CannotLink("the object file ends early") from e
    names = _bytes(obj, rows[names_index])
    sections = [
        Section(_text(names, r[0]), r[1], r[2], _bytes(obj, r), r[6], r[5] if r[1] == SHT_NOBITS else r[7], r[8])
        for r in rows
    ]
    table = next((s for s in sections if s.kind == SHT_SYMTAB), None)
    if table is None:
        raise CannotLink("the object file names no symbols")
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
