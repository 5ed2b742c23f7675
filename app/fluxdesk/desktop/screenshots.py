"""Paints every screen in every state, size and theme, without a display: `python -m fluxdesk.desktop.screenshots OUT`.

Pictures show the fixed set of `sample`, never a real market.
"""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

import msgspec

from fluxdesk.core.settings import Settings
from fluxdesk.core.views import LaunchesFrame, LaunchView, SourcesFrame
from fluxdesk.desktop.state import NodeState

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.qt import QPixmap
    from fluxdesk.desktop.wallet_node import WalletNode
    from fluxdesk.desktop.window import MainWindow

State = Literal["data", "empty", "loading", "failing"]
STATES: tuple[State, ...] = get_args(State)
WALLET = ("balances", "send", "send_review", "receive", "in_flight")
"""Places of the wallet, with the invented one of `sample_wallet`."""
PAST = ("history", "allowances", "chains", "approval")
"""Likewise, with its past of `sample_wallet_past`."""
SCREENS = ("first_run", "launches", "token", "sources", "settings", "palette", "transaction", "keys", *WALLET, *PAST)
SIZES = ((1280, 800), (1920, 1080))
THEMES = ("dark", "light")
WAIT_S = 10.0
CALM_LOOKS = 3
Mode = Literal["practice", "live", "replay"]


class NoSuchScreen(ValueError):
    """The name is no screen; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    screen: str
    state: State = "data"
    width: int = 1280
    height: int = 800
    theme: str = "dark"
    mode: Mode = "practice"
    scale: int = 100

    @property
    def name(self) -> str:
        """Its file name without the ending."""
        mode = "" if self.mode == "practice" else f"-{self.mode}"
        scale = "" if self.scale == 100 else f"-{self.scale}"
        state = "" if self.state == "data" else f"-{self.state}"
        return f"{self.screen}{mode}{state}-{self.width}x{self.height}{scale}-{self.theme}"


def check(screen: str, size: str, theme: str, state: str) -> Shot:
    """A shot from what was typed.

    Raises:
        NoSuchScreen: with a sentence for the user.
    """
    if screen not in SCREENS:
        raise NoSuchScreen(f"There is no screen named {screen}. There are: {', '.join(SCREENS)}.")
    if theme not in THEMES or state not in STATES:
        raise NoSuchScreen(f"Themes are {', '.join(THEMES)}; states are {', '.join(STATES)}.")
    width, _, height = size.partition("x")
    if not (width.isdecimal() and height.isdecimal() and 320 <= int(width) <= 7680 and 240 <= int(height) <= 4320):
        raise NoSuchScreen(f"A size is WIDTHxHEIGHT in pixels, such as 1280x800, not {size}.")
    # One practice source says little; the picture of Sources shows several endpoints and their gaps.
    mode: Mode = "live" if (screen == "sources" and state == "data") or screen in (*WALLET, *PAST) else "practice"
    return Shot(screen, _state(state), int(width), int(height), theme, mode)


def _state(text: str) -> State:
    return next(state for state in STATES if state == text)


def every_shot() -> Iterator[Shot]:
    """All pictures of `make screenshots`."""
    for theme in THEMES:
        for width, height in SIZES:
            for screen in SCREENS:
                states = STATES if screen in ("launches", "token", "sources", "balances") else ("data",)
                states = ("data", "empty", "failing") if screen in ("history", "allowances") else states
                for state in states:
                    mode: Mode = "live" if screen in (*WALLET, *PAST) else "practice"
                    yield Shot(screen, state, width, height, theme, mode)
            yield Shot("sources", "data", width, height, theme, "live")
            yield Shot("launches", "data", width, height, theme, "live")
        yield Shot("launches", "data", 1920, 1080, theme, "practice", 150)
        yield Shot("launches", "data", 1280, 800, theme, "practice", 150)
        yield Shot("settings", "data", 1280, 800, theme, "practice", 150)


async def paint(shot: Shot, file: Path) -> tuple[int, int]:
    """Writes one picture; the smallest size the window would accept, for the layout test."""
    from fluxdesk.desktop import sample, theme
    from fluxdesk.desktop.qt import QSize, Qt
    from fluxdesk.desktop.window import MainWindow

    theme.apply(shot.theme, shot.scale)
    window = MainWindow(
        shot.mode, Settings({"text_scale": shot.scale} if shot.scale != 100 else {}), now=lambda: float(sample.NOW_S)
    )
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.resize(shot.width, shot.height)
    window.show()
    await _settle()
    views = sample.launches(mode=shot.mode)
    window.queries = sample.SampleQueries(views, failing=shot.state == "failing")
    _fill(window, shot, views)
    await _settle()
    _open(window, shot, views)
    if shot.screen in WALLET:
        await _open_wallet(window, shot)
    if shot.screen in PAST:
        await _open_past(window, shot)
    await _settle()
    await _settle()
    await _painted(window)
    least: QSize = window.minimumSizeHint()
    picture = window.grab()
    if shot.screen == "approval":
        await _lay_approval(picture, file.parent)
    picture.save(str(file), "PNG")
    if window.place == "token":
        window.token.leave()
    window.close()
    await _settle()
    return least.width(), least.height()


async def _settle() -> None:
    """Lets Qt and whatever was asked come to rest. An answer may start the next question, so it looks several times."""
    for _ in range(8):
        if waiting := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(waiting, timeout=WAIT_S)
        await asyncio.sleep(0.001)


async def _painted(window: "MainWindow") -> None:
    """Waits until the table owes no row."""
    calm = 0
    while calm < CALM_LOOKS:
        await asyncio.sleep(0.01)
        calm = 0 if window.launches.table.behind else calm + 1


def _fill(window: "MainWindow", shot: Shot, views: list[LaunchView]) -> None:
    """Gives the window what the state holds."""
    from fluxdesk.desktop import sample
    from fluxdesk.desktop.filters import parse

    now = float(sample.NOW_S)
    if shot.screen == "launches" and shot.state in ("data", "empty", "failing"):
        window.launches.bar.set_filters((parse("liq >= 31"), parse("age <= 24h")))
    if shot.state == "loading":
        window.set_node(NodeState(phase="reading", since_s=now, done=1_840, total=6_212))
        return
    window.take_status(sample.status(shot.mode))
    window.take_sources(
        SourcesFrame(
            seq=1,
            sources=[] if (shot.screen, shot.state) == ("sources", "empty") else sample.sources(shot.mode),
            gaps=sample.gaps(shot.mode),
        )
    )
    window.take_round_trip(4.0)
    window.take_launches(LaunchesFrame(seq=1, snapshot=True, upserts=views, new=[]))
    window.set_node(NodeState(phase="up", since_s=now))
    if shot.state == "empty" and shot.screen == "launches":
        window.launches.bar.set_filters((parse("mcap >= 500k SOL"), parse("age <= 24h")))
    if shot.state == "failing" and shot.screen != "token":
        window.set_node(
            NodeState(
                phase="stopped",
                since_s=now,
                reason="It was ended by signal 9.",
                last_slot=351_904_377,
                retry_in_s=4,
                tries=1,
            )
        )
    elif shot.state == "data" and shot.screen in ("launches", "palette"):
        window.launches.table.step(1)
        window.launches.table.step(4)
        window.launches.table.flashes = {views[0].mint: 0.9, views[1].mint: 0.45}
        window.launches.table.setFocus()


def _open(window: "MainWindow", shot: Shot, views: list[LaunchView]) -> None:
    """Shows the screen."""
    if shot.screen == "first_run":
        window.choose_mode()
        window.first_run.set_returnable(False)
    elif shot.screen == "token":
        _open_token(window, shot, views)
    elif shot.screen in ("sources", "settings"):
        window.go(shot.screen)
    elif shot.screen == "palette":
        window.open_palette()
        window.palette_panel.field.setText("kel")
        window.palette_panel.searched.emit("kel")
    elif shot.screen == "transaction":
        from fluxdesk.desktop import sample

        _open_token(window, shot, views)
        window.show_transaction(sample.address("launch", views[sample.OLD_PLACE].mint, length=87))
    elif shot.screen == "keys":
        window.open_keys()


async def _open_wallet(window: "MainWindow", shot: Shot) -> None:
    """The open wallet at one of its places."""
    from fluxdesk.desktop import sample_wallet as made

    node = made.SampleWalletNode(failing=shot.state == "failing", empty=shot.state == "empty")
    window.go("wallet")
    screen = window.wallet
    for part in (screen.accounts, screen.balances, screen.send):
        part.set_link(cast("AgentLink", made.SampleAgentLink()))
    for asks in (screen.balances, screen.send):
        asks.set_node(cast("WalletNode", node))
    window.set_agent(made.STATE)
    await _settle()
    if shot.screen == "balances":
        if shot.state == "loading":
            screen.balances.show_waiting(made.chains())
        screen.balances.grid.setFocus()
        return
    held = next(x for x in screen.balances.holdings if x.asset == made.KELPO)
    if shot.screen == "receive":
        screen.receive_asked.emit(held.account, held.chain)
        return
    screen.take_sends(made.sends_frame())
    screen.pay_from(held)
    screen.send.form.speed.choose(2 if shot.screen == "in_flight" else 1)
    await _settle()
    if shot.screen == "in_flight":
        return
    line = screen.send.form.lines[0]
    line.to.setText("Harbour Exchange" if shot.screen == "send_review" else made.SHOP)
    line.amount.setText("1250000")
    await _settle()
    if shot.screen == "send_review":
        screen.send.form.review()
        await _settle()


async def _open_past(window: "MainWindow", shot: Shot) -> None:
    """History, allowances, or the chains in the settings."""
    from fluxdesk.desktop import sample_wallet as made
    from fluxdesk.desktop.sample_wallet_past import CHAIN_SETTINGS, PastWalletNode

    node = cast("WalletNode", PastWalletNode(failing=shot.state == "failing", empty=shot.state == "empty"))
    if shot.screen == "chains":
        window.go("settings")
        window.settings.chains.show_settings(Settings(CHAIN_SETTINGS))
        window.settings.chains.set_node(node)
        window.settings.search.setText("chain")
        await _settle()
        return
    if shot.screen == "approval":
        return
    window.go("wallet")
    screen = window.wallet
    window.set_agent(made.STATE)
    name = "history" if shot.screen == "history" else "permissions"
    page = screen.parts[name]
    page.set_link(cast("AgentLink", made.SampleAgentLink()))
    page.set_node(node)
    screen.show_tab(name)
    await _settle()
    if name == "permissions":
        page.where.choose(made.ACCOUNTS[1].id, made.ETHEREUM)
        await _settle()
    page.grid.step(1)
    page.grid.setFocus()


async def _lay_approval(picture: "QPixmap", folder: Path) -> None:
    """Paints the approval window over the picture of the main one, where a desktop would show it."""
    from fluxdesk.desktop.qt import QPainter
    from fluxdesk.desktop.sample_wallet_past import approval
    from fluxdesk.desktop.theme import look, paint_colour

    made = approval(folder)
    await _settle()
    shown = made.grab()
    p = QPainter(picture)
    p.fillRect(picture.rect(), paint_colour(look().palette.scrim))
    p.drawPixmap((picture.width() - shown.width()) // 2, (picture.height() - shown.height()) // 2, shown)
    p.end()
    made.finish()


def _open_token(window: "MainWindow", shot: Shot, views: list[LaunchView]) -> None:
    from fluxdesk.desktop import sample

    if shot.state == "empty":
        quiet = msgspec.structs.replace(
            views[sample.OLD_PLACE],
            trades=0,
            buys_5m=0,
            sells_5m=0,
            price_f64=None,
            spark_f64=[],
            change_f64=None,
            mcap_f64=None,
            volume_5m_f64=0.0,
            buyers=0,
            holders=0,
            progress_ppm=0,
        )
        window.queries = sample.SampleQueries([quiet], quiet=True)
    if shot.state == "loading":
        window.queries = None
        window.take_launches(LaunchesFrame(seq=1, snapshot=True, upserts=views, new=[]))
    window.open_token(views[sample.OLD_PLACE].mint)
    if shot.state == "data":
        window.token.fetch_metadata()


def main(arguments: list[str]) -> int:
    """Paints everything into a folder; the exit code."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m fluxdesk.desktop.screenshots FOLDER\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    bad = paint_all(folder, list(every_shot()))
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}, {time.monotonic() - began:.0f} s\n")
    for line in bad:
        sys.stderr.write(line + "\n")
    return 1 if bad else 0


def paint_one(shot: Shot, file: Path) -> bool:
    """Paints one picture; whether it could be written."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from fluxdesk.desktop import theme
    from fluxdesk.desktop.loop import application, run_on_qt

    app = application()
    theme.load_fonts()
    before = file.stat().st_mtime_ns if file.exists() else None
    run_on_qt(app, paint(shot, file))
    if not file.exists() or file.stat().st_mtime_ns == before:
        return False
    _shrink(file)
    return True


def _shrink(file: Path) -> None:
    """Rewrites a picture with a palette of 256 colours: a third of the size, no visible difference."""
    from PIL import Image

    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(file, "PNG", optimize=True)


def paint_all(folder: Path, shots: list[Shot]) -> list[str]:
    """Paints pictures; a line for each whose layout does not fit its size."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from fluxdesk.desktop import theme
    from fluxdesk.desktop.loop import application, run_on_qt

    app = application()
    theme.load_fonts()

    async def go() -> list[str]:
        bad = []
        for shot in shots:
            width, height = await paint(shot, folder / f"{shot.name}.png")
            if width > shot.width or height > shot.height:
                bad.append(f"{shot.name} needs {width} x {height}")
        return bad

    return run_on_qt(app, go())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
