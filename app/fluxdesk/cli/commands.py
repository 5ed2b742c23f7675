"""The table of commands: their words, options and help. Each imports what it runs when it runs, and nothing before.

A command returns its exit code (docs/user-guide.md). What it does lives in the module of its name beside this one.
"""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Fluxdesk sees a token launch the moment it happens, and says what stands behind it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
settings = typer.Typer(help="Show and change settings of a profile.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(settings, name="settings")
keys = typer.Typer(help="Check the code that handles keys.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(keys, name="keys")
audit = typer.Typer(help="Read the agent's audit log.", no_args_is_help=True, rich_markup_mode=None)
keys.add_typer(audit, name="audit")
known_bad = typer.Typer(
    help="The list of addresses that the agent warns of.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(known_bad, name="known-bad")
practice = typer.Typer(help="Chains to practise on.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(practice, name="practice")
contracts = typer.Typer(help="Our contracts on a chain.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(contracts, name="contracts")

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
OnChain = Annotated[bool, typer.Option("--on-chain", help="Practice: the practice launchpad runs it, in LiteSVM.")]


def _folder(text: str) -> Path:
    """An empty word, such as an unset variable of a script, must not become the current folder."""
    if not text:
        raise typer.BadParameter("name a folder, or leave --data away.")
    return Path(text)


Data = Annotated[
    Path | None,
    typer.Option("--data", parser=_folder, metavar="DIR", help="Data folder in place of the profile's usual one."),
]
Mode = Annotated[str, typer.Option("--profile", help="practice, live or replay.")]


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version.")] = False,
) -> None:
    """Options before a command; `--version` alone is answered without loading this module."""


@app.command()
def desktop(data: Data = None) -> int:
    """Open the window; what fluxdesk alone does too."""
    from fluxdesk.cli.desktop import run

    return run(data)


@app.command()
def decode(
    files: Annotated[list[Path], typer.Argument(help="Recorded transactions, notifications, receipts or events.")],
    json: Json = False,
) -> int:
    """Say what recorded transactions hold: launches, trades, migrations, and why a row is unknown or refused."""
    from fluxdesk.cli.decode import run

    return run(files, json)


@app.command()
def quote(json: Json = False) -> int:
    """Say what a trade would give: a pool's state as JSON on standard input. Asks no chain.

    Fields and an example: docs/contracts-quote.md.
    """
    from fluxdesk.cli.quote import run

    return run(json)


@app.command()
def doctor(
    json: Json = False,
    missing_packages: Annotated[
        bool, typer.Option("--missing-packages", help="Print only the Debian packages that the window lacks.")
    ] = False,
) -> int:
    """Check this installation: Python, Qt, kernel, fonts, display, folders, sockets, endpoints. Contacts no one."""
    from fluxdesk.cli.doctor import run

    return run(json, missing_packages)


@app.command()
def bench(
    group: Annotated[str | None, typer.Argument(help="One group; without it all of them.")] = None,
    json: Json = False,
) -> int:
    """Measure the figures of tests/benchmarks (from a checkout)."""
    from fluxdesk.cli.bench import run

    return run(group, json)


@app.command()
def watch(
    practice: Annotated[bool, typer.Option("--practice", help="The practice market: no network, no key.")] = False,
    seed: Annotated[int | None, typer.Option("--seed", help="Of the practice market.", min=0)] = None,
    rpc: Annotated[list[str] | None, typer.Option("--rpc", help="Solana WebSocket URL; several are compared.")] = None,
    data: Data = None,
    seconds: Annotated[float | None, typer.Option("--for", help="Stop after so many seconds.")] = None,
    json: Json = False,
    on_chain: OnChain = False,
) -> int:
    """Show launches and trades as they happen: from the node that runs, else from one inside."""
    from fluxdesk.cli.watch import run

    return run(practice, seed, rpc or (), data, seconds, json, on_chain=on_chain)


@app.command()
def node(
    mode: Annotated[str, typer.Option("--mode", help="practice, live or replay.")] = "practice",
    data: Data = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Of the practice market.", min=0)] = None,
    rpc: Annotated[list[str] | None, typer.Option("--rpc", help="Solana WebSocket URL (live).")] = None,
    replay: Annotated[list[Path] | None, typer.Option("--replay", help="Recording to play as its own profile.")] = None,
    speed: Annotated[float | None, typer.Option("--speed", help="Multiple of recorded time.", min=0.001)] = None,
    on_chain: OnChain = False,
) -> int:
    """Run the node of a profile until it is told to stop."""
    from fluxdesk.cli.node import run

    return run(mode, data, seed, rpc or (), replay or (), speed, on_chain)


@app.command()
def replay(
    paths: Annotated[list[Path], typer.Argument(help="Recordings: files or folders.")],
    data: Data = None,
    json: Json = False,
) -> int:
    """Play recordings through journal, pipeline and store. The same replay twice changes nothing."""
    from fluxdesk.cli.replay import run

    return run(paths, data, json)


@app.command()
def browsers(
    action: Annotated[str, typer.Argument(help="install, list or remove.")] = "list",
    profile: Mode = "live",
    data: Data = None,
    json: Json = False,
) -> int:
    """Write, show or remove what browsers need to find the bridge to Fluxdesk."""
    from fluxdesk.cli.browsers import run

    return run(action, profile, data, json)


@app.command()
def screenshot(
    screen: Annotated[str, typer.Argument(help="Such as launches, token, sources, settings.")],
    out: Annotated[Path, typer.Option("--out", help="The PNG file to write.")],
    size: Annotated[str, typer.Option("--size", help="WIDTHxHEIGHT.")] = "1280x800",
    theme: Annotated[str, typer.Option("--theme", help="dark or light.")] = "dark",
    state: Annotated[str, typer.Option("--state", help="data, empty, loading or failing.")] = "data",
) -> int:
    """Paint a screen with a fixed set of invented data into a file; needs no display."""
    from fluxdesk.cli.screenshot import run

    return run(screen, out, size, theme, state)


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="Words of a name, symbol, description, creator or mint.")],
    profile: Mode = "live",
    data: Data = None,
    json: Json = False,
    limit: Annotated[int, typer.Option("--limit", help="At most so many, 1 to 100.")] = 20,
) -> int:
    """Find tokens: through the node that runs, else in the recorded files."""
    from fluxdesk.cli.search import run

    return run(words, profile, data, json, limit)


@settings.command("list")
def settings_list(profile: Mode = "live", data: Data = None, json: Json = False) -> int:
    """Every setting with its value, and what it means."""
    from fluxdesk.cli.settings import show_all

    return show_all(profile, data, json)


@settings.command("get")
def settings_get(key: str, profile: Mode = "live", data: Data = None, json: Json = False) -> int:
    """The value of one setting."""
    from fluxdesk.cli.settings import show

    return show(key, profile, data, json)


@settings.command("set")
def settings_set(
    key: str,
    values: Annotated[list[str], typer.Argument(help="The value; several for a list; none empties a list.")] = [],  # noqa: B006 - typer reads it
    profile: Mode = "live",
    data: Data = None,
) -> int:
    """Change one setting. `on` and `off` for switches."""
    from fluxdesk.cli.settings import put

    return put(key, values, profile, data)


@settings.command("reset")
def settings_reset(key: str, profile: Mode = "live", data: Data = None) -> int:
    """Take one setting back to its default."""
    from fluxdesk.cli.settings import reset

    return reset(key, profile, data)


@practice.command("install")
def practice_install() -> int:
    """Fetch anvil, the EVM chain to practise on, and Surfpool from npm. Solana is practised without them."""
    from fluxdesk.cli.practice import install

    return install()


@practice.command("solana")
def practice_solana() -> int:
    """Run Surfpool, a local Solana cluster, until interrupted; it prints its RPC address."""
    from fluxdesk.cli.practice import solana

    return solana()


@contracts.command("deploy")
def contracts_deploy(
    chain: Annotated[str, typer.Option("--chain", help="practice, such as eip155:1, or the URL of an endpoint of it.")],
    account: Annotated[str, typer.Option("--account", help="Of the wallet; it pays.")],
    plan: Annotated[Path | None, typer.Option("--plan", help="What to deploy: docs/contracts-deploy.md.")] = None,
    profile: Annotated[str, typer.Option("--profile", help="practice or live.")] = "",
    data: Data = None,
    json: Json = False,
) -> int:
    """Deploy what is missing and compare what stands. Again: goes on where it stopped, or changes nothing."""
    from fluxdesk.cli.contracts import run

    return run(chain, account, plan, profile, data, json)


@contracts.command("vaults")
def contracts_vaults(
    chain: Annotated[str, typer.Option("--chain", help="practice, such as eip155:1, or the URL of an endpoint of it.")],
    profile: Annotated[str, typer.Option("--profile", help="practice or live.")] = "",
    data: Data = None,
    json: Json = False,
) -> int:
    """Note the vaults that our factories on a chain have made: calls of them are then read before they are signed."""
    from fluxdesk.cli.contracts_vaults import run

    return run(chain, profile, data, json)


@contracts.command("check")
def contracts_check(
    names: Annotated[list[str] | None, typer.Argument(help="Such as PairOracle; without any all of them.")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild/--no-rebuild", help="Compile again where the tools are.")] = True,
    json: Json = False,
) -> int:
    """Check that what was built is what the sources give (from a checkout)."""
    from fluxdesk.cli.contracts_check import run

    return run(names or (), rebuild, json)


@keys.command("selftest")
def keys_selftest(file: Annotated[Path, typer.Argument(help="A JSON list of cases: docs/user-guide.md.")]) -> int:
    """Check derivation, signing and key files against published vectors. Opens no keystore."""
    from fluxdesk.cli.keys import selftest

    return selftest(file)


@known_bad.command("update")
def known_bad_update(
    file: Annotated[Path, typer.Argument(help="One address a line, CSV, or JSON, as others publish it.")],
    date: Annotated[
        str | None, typer.Option("--date", help="Of the list, as 2026-11-21; the file's without it.")
    ] = None,
    data: Data = None,
    profile: Mode = "live",
) -> int:
    """Bring in a list that you fetched, in place of the one before."""
    from fluxdesk.cli.known_bad import update

    return update(file, profile, data, date)


@known_bad.command("show")
def known_bad_show(
    data: Data = None,
    profile: Mode = "live",
) -> int:
    """Say which list there is, and of when."""
    from fluxdesk.cli.known_bad import show

    return show(profile, data)


@audit.command("verify")
def keys_audit_verify(file: Annotated[Path, typer.Argument(help="Such as agent/audit.log of a profile.")]) -> int:
    """Find changed, missing or reordered records, and say which."""
    from fluxdesk.cli.keys import audit_verify

    return audit_verify(file)


@audit.command("export")
def keys_audit_export(file: Annotated[Path, typer.Argument(help="Such as agent/audit.log of a profile.")]) -> int:
    """Print every record as a line of JSON."""
    from fluxdesk.cli.keys import audit_export

    return audit_export(file)


@app.command()
def agent(
    policy: Annotated[Path, typer.Option("--policy", help="What may be signed; all else is refused.")],
    profile: Mode = "live",
    data: Data = None,
    socket: Annotated[Path | None, typer.Option("--socket", help="Where to listen.")] = None,
) -> int:
    """Run the signing agent without a window. The passphrase is asked for, or read from standard input."""
    from fluxdesk.cli.agent import run

    return run(policy, data, profile, socket)
