"""What can be done in the window, as the list that keys and palette are made from."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.keys import Command

if TYPE_CHECKING:
    from fluxdesk.desktop.window import MainWindow

_C = "Keys"


def commands_of(window: "MainWindow") -> list[Command]:
    """Every action of the window."""
    return [*_everywhere(window), *_places(window), *_wallet(window), *_list(window), *_chart(window)]


def _everywhere(w: "MainWindow") -> list[Command]:
    group = tr(_C, "Everywhere")
    return [
        Command(
            "palette",
            tr(_C, "Search and run anything"),
            group,
            ("Ctrl+K", "/"),
            w.open_palette,
            icon="search",
            in_palette=False,
        ),
        Command("keys", tr(_C, "Show all keys"), group, ("?", "F1"), w.open_keys, icon="keyboard"),
        Command(
            "back",
            tr(_C, "Back to Launches"),
            group,
            ("Escape",),
            w.leave_token,
            "token",
            "back",
            lambda: w.place == "token",
        ),
        Command(
            "filter",
            tr(_C, "Add a filter"),
            group,
            ("Ctrl+F",),
            w.launches.bar.open_editor,
            icon="filter",
            possible=lambda: w.place == "launches",
        ),
        Command(
            "clear",
            tr(_C, "Clear all filters"),
            group,
            ("Ctrl+Shift+F",),
            lambda: w.launches.bar.set_filters(()),
            icon="close",
            possible=lambda: bool(w.model.filters),
        ),
        Command("mode", tr(_C, "Change mode: practice, live, replay"), group, ("Ctrl+M",), w.choose_mode, icon="live"),
        Command(
            "start",
            tr(_C, "Start the node"),
            group,
            (),
            w.start_asked.emit,
            icon="play",
            possible=lambda: w.node.phase == "stopped",
        ),
        Command(
            "restart",
            tr(_C, "Restart the node"),
            group,
            (),
            w.restart_asked.emit,
            icon="restart",
            possible=lambda: w.node.phase != "stopped",
        ),
        Command("log", tr(_C, "Open the log"), group, (), w.log_asked.emit, icon="file"),
        Command("folder", tr(_C, "Open the data folder"), group, (), w.folder_asked.emit, icon="folder"),
        Command(
            "lock",
            tr(_C, "Lock the wallet"),
            group,
            ("Ctrl+L",),
            w.lock_asked.emit,
            icon="lock",
            possible=lambda: w.agent is not None and w.agent.unlocked,
        ),
        Command("quit", tr(_C, "Quit Fluxdesk and stop the node"), group, ("Ctrl+Q",), w.quit_asked.emit, icon="close"),
    ]


def _places(w: "MainWindow") -> list[Command]:
    group = tr(_C, "Go to")

    def go(name: str) -> Callable[[], None]:
        """The key of a place; in the first window it is the key of a card."""
        return lambda: w.first_run.choose(name) if w.place == "first_run" else w.go(name)

    def wallet() -> None:
        if w.place != "first_run":
            w.go("wallet")

    return [
        Command("go.launches", tr(_C, "Launches"), group, ("1",), go("launches"), icon="launches"),
        Command("go.sources", tr(_C, "Sources"), group, ("2",), go("sources"), icon="sources"),
        Command("go.settings", tr(_C, "Settings"), group, ("3",), go("settings"), icon="settings"),
        Command("go.wallet", tr(_C, "Wallet"), group, ("4",), wallet, icon="wallet"),
        Command("go.new", tr(_C, "Launches: new"), group, (), lambda: _tab(w, "new"), icon="launches"),
        Command("go.final", tr(_C, "Launches: final stretch"), group, (), lambda: _tab(w, "final"), icon="launches"),
        Command(
            "go.graduated", tr(_C, "Launches: graduated"), group, (), lambda: _tab(w, "graduated"), icon="launches"
        ),
    ]


def _tab(w: "MainWindow", tab: str) -> None:
    w.go("launches")
    w.launches.show_tab(tab)


def _wallet(w: "MainWindow") -> list[Command]:
    group = tr(_C, "Wallet")

    def open_wallet() -> bool:
        return w.agent is not None and w.agent.unlocked and w.place != "first_run"

    def tab(name: str) -> Callable[[], None]:
        def go() -> None:
            w.go("wallet")
            w.wallet.show_tab(name)
            w.wallet.parts[name].home.setFocus()

        return go

    def receive() -> None:
        w.go("wallet")
        w.wallet.receive()

    return [
        Command(
            "wallet.balances",
            tr(_C, "Balances: what the accounts hold"),
            group,
            ("Ctrl+B",),
            tab("balances"),
            icon="wallet",
            possible=open_wallet,
        ),
        Command(
            "wallet.send",
            tr(_C, "Send: pay from an account"),
            group,
            ("Ctrl+P",),
            tab("send"),
            icon="right",
            possible=open_wallet,
        ),
        Command(
            "wallet.receive",
            tr(_C, "Receive: show an address"),
            group,
            ("Ctrl+R",),
            receive,
            icon="down",
            possible=open_wallet,
        ),
    ]


def _list(w: "MainWindow") -> list[Command]:
    group = tr(_C, "In a list")

    def here() -> bool:
        return w.place == "launches"

    def on_token() -> bool:
        return w.place == "token"

    def move(by: int) -> None:
        if here():
            w.launches.table.step(by)
        elif on_token():
            (w.token.holder_grid if w.token.holder_grid.hasFocus() else w.token.trade_grid).step(by)

    def raw() -> None:
        if here():
            w.show_launch_transaction(w.launches.detail.mint)
        else:
            w.token.open_current_trade()

    def chosen() -> bool:
        return on_token() or bool(w.launches.detail.mint)

    return [
        Command("down", tr(_C, "Next row"), group, ("J",), lambda: move(1), "list", in_palette=False),
        Command("up", tr(_C, "Previous row"), group, ("K",), lambda: move(-1), "list", in_palette=False),
        Command(
            "open",
            tr(_C, "Open the selected token"),
            group,
            ("O",),
            lambda: w.open_token(w.launches.detail.mint),
            "list",
            "token",
            lambda: here() and bool(w.launches.detail.mint),
        ),
        Command("raw", tr(_C, "Show the raw transaction"), group, ("T",), raw, "list", "bytes", chosen),
        Command("copy", tr(_C, "Copy the full address"), group, ("C",), w.copy_address, "list", "copy", chosen),
        Command(
            "find", tr(_C, "Search this list"), group, ("S",), w.launches.bar.search.setFocus, "list", "search", here
        ),
        Command(
            "filter.key",
            tr(_C, "Add a filter"),
            group,
            ("F",),
            w.launches.bar.open_editor,
            "list",
            "filter",
            here,
            in_palette=False,
        ),
        Command(
            "pause",
            tr(_C, "Pause or resume the list"),
            group,
            ("Space",),
            w.launches.toggle_pause,
            "list",
            "pause",
            here,
        ),
        Command(
            "tab.next",
            tr(_C, "Next stage"),
            group,
            ("]",),
            lambda: w.launches.next_tab(1),
            "list",
            "right",
            here,
            in_palette=False,
        ),
        Command(
            "tab.before",
            tr(_C, "Previous stage"),
            group,
            ("[",),
            lambda: w.launches.next_tab(-1),
            "list",
            "back",
            here,
            in_palette=False,
        ),
    ]


def _chart(w: "MainWindow") -> list[Command]:
    group = tr(_C, "In the chart")

    def zoom(factor: float) -> None:
        if w.token.chart is not None:
            w.token.chart.zoom(factor)

    def pan(part: float) -> None:
        if w.token.chart is not None:
            w.token.chart.pan(part)

    return [
        Command("zoom.in", tr(_C, "Zoom in"), group, ("+", "="), lambda: zoom(0.8), "chart", in_palette=False),
        Command("zoom.out", tr(_C, "Zoom out"), group, ("-",), lambda: zoom(1.25), "chart", in_palette=False),
        Command("pan.left", tr(_C, "Earlier"), group, ("Left",), lambda: pan(-0.15), "chart", in_palette=False),
        Command("pan.right", tr(_C, "Later"), group, ("Right",), lambda: pan(0.15), "chart", in_palette=False),
        Command(
            "bar.longer",
            tr(_C, "Longer bars"),
            group,
            (".",),
            lambda: w.token.choose_interval(1),
            "chart",
            in_palette=False,
        ),
        Command(
            "bar.shorter",
            tr(_C, "Shorter bars"),
            group,
            (",",),
            lambda: w.token.choose_interval(-1),
            "chart",
            in_palette=False,
        ),
        Command(
            "chart.copy", tr(_C, "Copy the full address"), group, ("C",), w.copy_address, "chart", in_palette=False
        ),
    ]
