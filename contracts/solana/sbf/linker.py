"""A static linker for one BPF object file: relocatable ELF in, Solana SBPF v0 shared object out.

The loader wants `.text` and read-only data mapped at 0x1_0000_0000 plus their file offset, and finds runtime calls
through `R_BPF_64_32` entries in `.rel.dyn` that name a dynamic symbol (solana-sbpf, `elf.rs`). Only what small programs
need is linked; anything else (writable data, other relocations, functions nobody has) is refused."""

import struct
from dataclasses import dataclass, field

from sbf.elf import (
    EHDR,
    PHDR,
    R_BPF_64_32,
    R_BPF_64_64,
    REL,
    SHT_REL,
    STT_SECTION,
    CannotLink,
    Section,
    Symbol,
    read,
)
from sbf.shared_object import HEADERS, write
from sbf.syscalls import SYSCALLS

PROGRAM_START = 0x1_0000_0000
CALL_TO_SYSCALL = b"\xff\xff\xff\xff"

__all__ = ["CannotLink", "link"]


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
    sections, symbols = read(obj)
    for section in sections:
        if section.is_writable:
            raise CannotLink(f"{section.name}: a program has no writable globals")
    text = [s for s in sections if s.is_code]
    placed = [*text, *(s for s in sections if s.is_constants)]
    start = next((s for s in symbols if s.name == entry and s.section), None)
    if start is None:
        raise CannotLink(f"{entry} is not defined")
    image = Image(base=EHDR.size + HEADERS * PHDR.size)
    for section in placed:
        image.place(section)
    text_end = text[-1].address + len(text[-1].data)
    image.body += bytes(-len(image.body) % 8)
    for section in sections:
        if section.kind == SHT_REL and sections[section.info] in placed:
            _relocate(image, section.data, sections[section.info], sections, symbols)
    entry_address = sections[start.section].address + start.value
    return write(bytes(image.body), image.base, text_end, image.calls, entry, entry_address)


def _relocate(image: Image, entries: bytes, target: Section, sections: list[Section], symbols: list[Symbol]) -> None:
    for offset, info in REL.iter_unpack(entries):
        symbol, kind = symbols[info >> 32], info & 0xFFFFFFFF
        place = target.address + offset
        at = place - image.base
        if kind == R_BPF_64_64 and symbol.section:
            (low,), (high,) = (struct.unpack_from("<I", image.body, at + n) for n in (4, 12))
            address = PROGRAM_START + sections[symbol.section].address + symbol.value + (low | high << 32)
            struct.pack_into("<I", image.body, at + 4, address & 0xFFFFFFFF)
            struct.pack_into("<I", image.body, at + 12, address >> 32)
        elif kind == R_BPF_64_32 and symbol.section:
            (addend,) = struct.unpack_from("<i", image.body, at + 4)
            inside = (addend + 1) * 8 if symbol.kind == STT_SECTION else 0
            destination = sections[symbol.section].address + symbol.value + inside
            struct.pack_into("<i", image.body, at + 4, (destination - place) // 8 - 1)
        elif kind == R_BPF_64_32:
            if symbol.name not in SYSCALLS:
                raise CannotLink(f"{symbol.name} is neither defined nor a runtime call")
            image.body[at + 1] = 0x10
            image.body[at + 4 : at + 8] = CALL_TO_SYSCALL
            image.calls.append((place, symbol.name))
        else:
            raise CannotLink(f"relocation {kind} against {symbol.name or 'a section'} in {target.name}")
