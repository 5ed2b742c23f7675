"""Everything real at once: a home folder, the desktop with its node and agent, Chromium with the extension, the chains.

A person's part is played through `driven_desktop`: eyes and hands at real widgets. Nothing of Fluxdesk is replaced.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chromium
from stand_in_node import anvil

import needs
from fluxdesk.client.wallet import WalletClient
from waiting import eventually

HERE = Path(__file__).parent
MAIN = "Fluxdesk"
REQUEST = "Fluxdesk: permission request"
PAIRING = "Fluxdesk: pair a browser"
PASSPHRASE = "otter quilt marble seven"
WORDS = "test test test test test test test test test test test junk"
"""The words that anvil and other development chains use: known to everyone, worth nothing."""
EVM = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
"""Their first account on EVM chains (m/44'/60'/0'/0/0)."""
SOLANA = "oeYf6KAJkLYhBuR8CiGc6L4D4Xtfepr85fuDgA9kq96"
"""Their first account on Solana (m/44'/501'/0'/0')."""
WITHIN_S = 60.0


class Person:
    """Looks at windows, presses and types. `Wrong` from the other side is an `AssertionError` here."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        link.settimeout(WITHIN_S)
        self._rest = b""

    def _ask(self, **what: object) -> Any:
        try:
            self._link.sendall(json.dumps(what).encode() + b"\n")
            while b"\n" not in self._rest:
                more = self._link.recv(1 << 20)
                assert more, "the desktop is gone"
                self._rest += more
        except OSError:
            raise AssertionError("the desktop is gone") from None
        line, _, self._rest = self._rest.partition(b"\n")
        said = json.loads(line)
        assert "wrong" not in said, said["wrong"]
        return said["is"]

    def see(self) -> dict[str, list[dict[str, Any]]]:
        """Windows by title, each with its widgets."""
        shown: dict[str, list[dict[str, Any]]] = self._ask(do="see")
        return shown

    def texts(self, title: str) -> str:
        """All text of a window; empty if it is not there."""
        return "\n".join(str(one["text"] or one["name"]) for one in self.see().get(title, []))

    def can_press(self, title: str, name: str) -> bool:
        """Whether there is such a button and it is enabled."""
        return any(name in (one["name"], one["text"]) and one["enabled"] for one in self.see().get(title, []))

    async def press(self, title: str, name: str, within_s: float = WITHIN_S) -> None:
        """Waits until it can be pressed, and presses."""
        await eventually(lambda: self.can_press(title, name), within_s, lambda: f"{name!r}: {self.texts(title)}")
        self._ask(do="press", title=title, name=name)

    async def reads(self, title: str, text: str, within_s: float = WITHIN_S) -> str:
        """Waits until a window shows a text; all it shows then."""
        await eventually(lambda: text in self.texts(title), within_s, lambda: f"{text!r}: {self.texts(title)}")
        return self.texts(title)

    async def gone(self, title: str) -> None:
        """Waits until there is no such window."""
        await eventually(lambda: title not in self.see(), WITHIN_S)

    def type(self, title: str, name: str, text: str) -> None:
        self._ask(do="type", title=title, name=name, text=text)

    async def choose(self, title: str, name: str, text: str) -> None:
        """Waits until a list offers an entry with a text, and takes it."""

        def chosen() -> bool:
            try:
                self._ask(do="choose", title=title, name=name, text=text)
            except AssertionError:
                return False
            return True

        await eventually(chosen, WITHIN_S, lambda: f"{name!r}: {self.texts(title)}")

    async def key(self, title: str, keys: str) -> None:
        """Into a window, which is brought to the front before."""
        await eventually(lambda: self._ask(do="up", title=title), WITHIN_S)
        self._ask(do="key", title=title, keys=keys)

    def at_once(self, acts: list[tuple[str, str, str]]) -> None:
        """Several of `press` and `key` in one turn of the desktop's loop."""
        self._ask(do="all", acts=acts)

    def picture(self, title: str, path: Path) -> None:
        self._ask(do="picture", title=title, path=str(path))


def programs(word: str, folder: Path) -> list[int]:
    """Ids of the programs that run from a folder and whose command line holds a word."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        line = _read(entry / "cmdline").replace("\0", " ")
        if word in line and str(folder) in line + _read(entry / "environ"):
            found.append(int(entry.name))
    return sorted(found)


def _read(file: Path) -> str:
    """Nothing of a program that is gone, or that lets nobody look, as the agent."""
    try:
        return file.read_text(errors="replace")
    except (OSError, ProcessLookupError):
        return ""


class Home:
    """One user's computer: a home folder with nothing in it, and what runs from it.

    Attributes:
        person: in front of the desktop, while it runs.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fdw-"))
        self.person: Person
        self._process: subprocess.Popen[bytes] | None = None
        self._link: socket.socket | None = None
        (self.folder / "run").mkdir(mode=0o700)
        for profile in (self.browser_profile, self.second_profile):
            profile.mkdir(parents=True, mode=0o700)

    @property
    def browser_profile(self) -> Path:
        """Where Chromium keeps its things by itself, and Fluxdesk looks for it."""
        return self.folder / ".config" / "chromium"

    @property
    def second_profile(self) -> Path:
        """Where another browser keeps its things."""
        return self.folder / ".config" / "google-chrome"

    @property
    def agent(self) -> Path:
        """What the agent keeps in practice."""
        return self.folder / ".local" / "share" / "fluxdesk" / "practice" / "agent"

    @property
    def runtime(self) -> Path:
        return self.folder / "run" / "fluxdesk"

    @property
    def node_socket(self) -> Path:
        """Of the one node that runs."""
        (found,) = self.runtime.glob("node-*.sock")
        return found

    def environment(self) -> dict[str, str]:
        """As after a log-in, with the EVM test chain's program on the PATH."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "FLUXDESK_", "PYTEST"))}
        anvil = needs.tool(needs.TOOLS / "@foundry-rs/anvil-linux-amd64/bin/anvil")
        return kept | {
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
            "PATH": f"{anvil.parent}{os.pathsep}{kept['PATH']}",
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
        }

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`fluxdesk ARGUMENTS` in this home."""
        return subprocess.run(
            [sys.executable, "-m", "fluxdesk", *arguments],
            env=self.environment(), capture_output=True, text=True, timeout=WITHIN_S, check=False,
        )  # fmt: skip

    async def fund(self, chain: str, account: str) -> None:
        """Practice coins, as the button gives them."""
        client = WalletClient(self.node_socket)
        try:
            await client.fund(chain, account)
        finally:
            await client.close()

    async def start(self) -> Person:
        """Opens the desktop."""
        mine, theirs = socket.socketpair()
        with theirs, (self.folder / "desktop.out").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, str(HERE / "driven_desktop.py"), str(theirs.fileno())],
                env=self.environment(), pass_fds=(theirs.fileno(),), stdout=output, stderr=output,
            )  # fmt: skip
        self._link, self.person = mine, Person(mine)
        await eventually(lambda: MAIN in self.person.see(), WITHIN_S)
        return self.person

    async def quit(self) -> None:
        """Ends it in an orderly way, node and agent with it."""
        assert self._process is not None
        if self._process.poll() is None:
            await self.person.key(MAIN, "Ctrl+Q")
            await eventually(lambda: self._process is None or self._process.poll() is not None, WITHIN_S)
        self._closed()

    def crash(self) -> None:
        """Ends the desktop, and nothing else, without a warning."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._closed()

    def _closed(self) -> None:
        if self._link is not None:
            self._link.close()
        self._process = self._link = None

    def processes(self, word: str) -> list[int]:
        """Ids of the programs of this home whose command line holds a word."""
        return programs(word, self.folder)

    def kill(self, word: str) -> None:
        """Ends the one program of this home that a word names, as a crash would."""
        (number,) = self.processes(word)
        os.kill(number, signal.SIGKILL)

    def output(self) -> str:
        """What desktop, node and agent wrote, for a failure."""
        files = [self.folder / "desktop.out", *self.folder.glob(".local/share/fluxdesk/*/logs/*.out")]
        return "\n".join(f"{f.name}: {f.read_text(errors='replace')[-2000:]}" for f in files if f.exists())

    async def close(self) -> None:
        """Ends what runs, and removes the home."""
        if self._process is not None and self._process.poll() is None:
            try:
                await self.quit()
            except AssertionError:
                self.crash()
        for number in self.processes("fluxdesk"):
            os.kill(number, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)


async def fill_wallet(person: Person, words: str = WORDS) -> None:
    """The first wallet from known words, as the first start offers it."""
    await person.press(MAIN, "Restore from words")
    person.type(MAIN, "Your words", words)
    for name in ("New passphrase", "New passphrase again"):
        person.type(MAIN, name, PASSPHRASE)
    await person.press(MAIN, "Restore the wallet")


async def unlock(person: Person) -> None:
    """With the passphrase, on the screen of the wallet."""
    await person.press(MAIN, "Wallet")
    await person.reads(MAIN, "The wallet is locked")
    person.type(MAIN, "Passphrase", PASSPHRASE)
    await person.press(MAIN, "Unlock the wallet")
    await person.reads(MAIN, "Agent unlocked")


async def pair(person: Person, context: Any) -> None:
    """Both windows show the same digits, and the person says so in both."""
    page = await chromium.popup(context)
    await page.get_by_role("button", name="Pair with Fluxdesk").click(timeout=chromium.WITHIN_MS)
    await page.locator(".digits").wait_for()
    digits = "".join((await page.locator(".digits").inner_text()).split())
    assert len(digits) == 6
    await holds(lambda: digits in "".join(person.texts(PAIRING).split()))
    await page.get_by_role("button", name="They are the same").click()
    await person.press(PAIRING, "They are the same")
    await page.locator("#agent", has_text="Agent unlocked").wait_for()
    await page.close()


@contextlib.asynccontextmanager
async def practising() -> AsyncIterator[tuple[Home, Any]]:
    """A new user who chose practice, restored the known words, and paired Chromium."""
    home = Home()
    try:
        person = await home.start()
        await person.press(MAIN, "Start practice")
        await fill_wallet(person)
        await person.press(MAIN, "See the accounts")
        async with chromium.opened(home.browser_profile) as context:
            await pair(person, context)
            yield home, context
    except BaseException:
        sys.stderr.write(home.output())
        raise
    finally:
        await home.close()


@dataclass(frozen=True)
class Chains:
    """Addresses of real local servers: Surfpool, and anvil under the ids of Ethereum and Optimism."""

    solana: str
    solana_ws: str
    ethereum: str
    optimism: str


@contextlib.contextmanager
def surfpool() -> Iterator[tuple[str, str]]:
    """A Solana validator with slots of 400 ms; HTTP and WebSocket address. Ends with its standard input."""
    needs.tool(needs.TOOLS / "@solana" / "surfpool-linux-x64-gnu")
    tools = needs.TOOLS.parent
    process = subprocess.Popen(
        [needs.program("node", "nodejs"), str(tools / "surfpool.js"), '{"slotTimeMs": 400}'],
        cwd=tools, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline() or "null")
        assert said, "Surfpool did not start"
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield said["rpc"], said["ws"]
    finally:
        process.kill()
        process.wait()


@contextlib.asynccontextmanager
async def living() -> AsyncIterator[tuple[Home, Any, Chains]]:
    """A new user who watches live, with endpoints of their own, restored the known words, and paired Chromium."""
    home = Home()
    with surfpool() as (solana, solana_ws), anvil(1) as ethereum, anvil(10) as optimism:
        lines = [f"solana:local {solana}", f"eip155:1 {ethereum}", f"eip155:10 {optimism}"]
        done = home.command("settings", "set", "chain_rpc", *lines, "--profile", "live")
        assert done.returncode == 0, done.stderr
        try:
            person = await home.start()
            person.type(MAIN, "Solana endpoint", solana_ws)
            await person.press(MAIN, "Watch live")
            await fill_wallet(person)
            await person.press(MAIN, "See the accounts")
            async with chromium.opened(home.browser_profile) as context:
                await pair(person, context)
                yield home, context, Chains(solana, solana_ws, ethereum, optimism)
        except BaseException:
            sys.stderr.write(home.output())
            raise
        finally:
            await home.close()


async def holds(what: Callable[[], Any]) -> Any:
    """`eventually` within the time of this file."""
    return await eventually(what, WITHIN_S)
