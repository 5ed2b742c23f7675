"""C to Solana programs, with nothing but the `ziglang` wheel: `build` compiles, `linker` links, `elf` reads objects.

The Solana toolchain is in no package registry. Nothing here reaches a network; the same source gives the same bytes.
"""
