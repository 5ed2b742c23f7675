"""Reading IDL objects out of npm tarballs without running anything."""

import io
import json
import tarfile

import pytest
from layout_build.bundles import LiteralError, idls_in, read_literal

PROGRAM = "Lighthouse111111111111111111111111111111111"
IDL = {"address": PROGRAM, "instructions": [{"name": "lit", "discriminator": [1, 2], "accounts": [], "args": []}]}
OTHER = {"address": "Foghorn1111111111111111111111111111111111111", "instructions": []}


def tarball(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{ a: 1, 'b-c': [2, -3,], \"d\": null, }", {"a": 1, "b-c": [2, -3], "d": None}),
        ("[!0, !1, true, false]", [True, False, True, False]),
        ("{ n: 1e9 /* lamports */, // per SOL\n s: 'it\\'s' }", {"n": 1_000_000_000, "s": "it's"}),
        ('"\\u0041\\n"', "A\n"),
        ("`plain`", "plain"),
        ("{}", {}),
    ],
)
def test_a_constant_literal_is_read_as_bundlers_write_it(text: str, value: object) -> None:
    assert read_literal(text + " ; rest", 0)[0] == value


@pytest.mark.parametrize(
    "text", ["{ a: b }", "{ a: f() }", "{ ...rest }", "`${x}`", "{ a 1 }", "[1 2]", "'open", "{ a: 1", ""]
)
def test_anything_but_a_constant_is_refused(text: str) -> None:
    with pytest.raises(LiteralError):
        read_literal(text, 0)


def test_an_idl_is_found_as_a_json_file() -> None:
    assert idls_in(tarball({"package/src/idl.json": json.dumps(IDL)}), PROGRAM) == [IDL]


def test_an_idl_is_found_inside_a_bundle() -> None:
    entry = '{ name: "lit", discriminator: [1, 2], accounts: [], args: [] }'
    bundle = f'var x = 1;\nvar idl = {{ address: "{PROGRAM}", instructions: [{entry}] }};\nuse(idl);'
    assert idls_in(tarball({"package/dist/index.js": bundle}), PROGRAM) == [IDL]


def test_one_idl_in_several_files_counts_once() -> None:
    text = json.dumps(IDL)
    files = {"package/a.json": text, "package/b.cjs": f"var idl = {text};", "package/c.mjs": f"export var idl={text}"}
    assert idls_in(tarball(files), PROGRAM) == [IDL]


def test_the_idl_of_another_program_is_left_alone() -> None:
    assert (
        idls_in(tarball({"package/a.json": json.dumps(OTHER), "package/b.js": f"x={json.dumps(OTHER)}"}), PROGRAM) == []
    )


def test_the_address_alone_is_no_idl() -> None:
    assert idls_in(tarball({"package/a.js": f'var config = {{ address: "{PROGRAM}", fee: 5 }};'}), PROGRAM) == []
