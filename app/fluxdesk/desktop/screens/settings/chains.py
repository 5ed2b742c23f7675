"""The chains of the wallet in the settings: who serves them and how they are, adding, trying out, removing.

An endpoint is tried out before it is saved: one that serves another chain is refused, and that is said. It is the
node that asks; the desktop has no network.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fluxdesk.core.chains import BadChain
from fluxdesk.core.endpoint import BadEndpoint, Endpoint
from fluxdesk.core.settings import Settings
from fluxdesk.core.wallet_views import ChainView, EndpointView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.paint import draw_signal
from fluxdesk.desktop.qt import QLineEdit, QPainter, QPaintEvent, QShowEvent, QWidget, Signal, Slot
from fluxdesk.desktop.screens.settings import chain_lines as say
from fluxdesk.desktop.screens.wallet.chains_picker import Choice
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, box, clear, frame, hbox, rule, vbox
from fluxdesk.desktop.widgets.switch import Switch
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Chains"


class Chains(QWidget):
    """The editor.

    Signals:
        edited: Key and value to save.
    """

    edited = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._node: WalletNode | None = None
        self._asking: Operation | None = None
        self._added: tuple[str, ...] = ()
        self._lines: tuple[str, ...] = ()
        self._views: tuple[ChainView, ...] = ()
        self._tried: tuple[str, str] | None = None
        self._rows = vbox(gap=0)
        self.ask_button = Button(tr(_C, "Ask all endpoints now"), icon="restart", role="small")
        self.message = Label("", "small", "text2", wrap=True)
        self.chain_box = Choice(tr(_C, "Chain of the new endpoint"), 190)
        self.url = _line(tr(_C, "Address of the endpoint"), "https://…", 400)
        self.add_button = Button(tr(_C, "Try it and save"), role="small")
        self.save_button = Button(tr(_C, "Save it untried"), role="small")
        self.number = _line(tr(_C, "Chain id"), tr(_C, "chain id, such as 100"), 20)
        self.name = _line(tr(_C, "Name of the chain"), tr(_C, "name, such as Gnosis"), 40)
        self.symbol = _line(tr(_C, "Symbol of its coin"), tr(_C, "coin, such as xDAI"), 11)
        self.test = Switch()
        self.test.setAccessibleName(tr(_C, "Its coins are worth nothing"))
        self._editor = self._compose_editor()
        self._practice = Label(
            tr(
                _C,
                "Practice has chains of its own, which run on this computer: no endpoint is asked and none can be set. "
                "Live takes endpoints here.",
            ),
            "small",
            "text2",
            wrap=True,
        )
        note = tr(
            _C,
            "Who is asked for balances, and who is given what you signed. Each endpoint is asked for its chain before "
            "it is used; one that serves another is never used. Of an address only its host is shown.",
        )
        self.setLayout(
            vbox(
                hbox((Label(note, "small", "text3", wrap=True), 1), self.ask_button, gap=16),
                self.message,
                box(self._rows),
                self._editor,
                self._practice,
                gap=10,
                margins=(0, 4, 0, 10),
            )
        )
        self.message.hide()
        self.save_button.hide()
        self.ask_button.clicked.connect(self.ask_all)
        self.add_button.clicked.connect(self.try_out)
        self.save_button.clicked.connect(self._save_untried)
        self.url.returnPressed.connect(self.try_out)
        self.url.textEdited.connect(lambda _: self._forget_try())
        self.chain_box.activated.connect(self._chosen)
        self._chosen()

    def _compose_editor(self) -> QWidget:
        for field, width in ((self.number, 150), (self.name, 190), (self.symbol, 140)):
            field.setFixedWidth(look().px(width))
        worth = Label(tr(_C, "coins worth nothing"), "small", "text2")
        self._new = box(hbox(self.number, self.name, self.symbol, self.test, worth, None))
        return frame(
            "well",
            vbox(
                Label(tr(_C, "Add an endpoint, or a chain with its first one"), "small_strong"),
                hbox(self.chain_box, (self.url, 1)),
                self._new,
                hbox(None, self.save_button, self.add_button),
                gap=8,
                margins=(12, 10, 12, 10),
            ),
        )

    # --- what the screen calls ---

    def set_node(self, node: "WalletNode | None") -> None:
        """Who asks the endpoints."""
        self._node = node
        if node is None:
            self._stop()
            self._views = ()
            self._show()
        elif self.isVisible():
            self.refresh()

    def show_settings(self, settings: Settings) -> None:
        """The saved lines."""
        self._added, self._lines = settings.lines("chains_added"), settings.lines("chain_rpc")
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """What the node knows is read when it can be seen."""
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """What the node knows; nobody is asked for it."""
        if self._node is not None and (self._asking is None or not self._asking.running):
            self._asking = run(self, self._node.chains(), lambda found: self._take(found.items), self._fail)

    def ask_all(self) -> None:
        """Has the node ask every endpoint how it is."""
        if self._node is None:
            self._say(tr(_C, "The node does not run: nobody can be asked."), "warn")
            return
        self.ask_button.setEnabled(False)
        self._say(tr(_C, "Asking…"))
        self._asking = run(self, _asked(self._node), self._asked, self._fail)

    @Slot(object)
    def _asked(self, found: list[ChainView]) -> None:
        self.ask_button.setEnabled(True)
        self.message.hide()
        self._take(found)

    def _take(self, found: Sequence[ChainView]) -> None:
        self._asking = None
        self._views = tuple(found)
        self._show()

    def _fail(self, error: BaseException) -> None:
        self._asking = None
        self.ask_button.setEnabled(True)
        self.add_button.setEnabled(True)
        self._say(str(error), "warn")

    # --- the list ---

    def _show(self) -> None:
        practice = any(view.practice for view in self._views)
        self._editor.setVisible(not practice)
        self._practice.setVisible(practice)
        clear(self._rows)
        chains = say.rows(self._added, self._lines, self._views)
        for chain in chains:
            if chain.endpoints or chain.line or chain.practice:
                self._rows.addWidget(self._chain(chain))
        rest = [chain.name for chain in chains if not (chain.endpoints or chain.line or chain.practice)]
        if rest and not practice:
            words = tr(_C, "Without an endpoint, so nobody is asked: {names}.", names=", ".join(rest))
            self._rows.addWidget(Label(words, "small", "text3", wrap=True))
        if not practice:
            self._show_choices(chains)

    def _show_choices(self, chains: Sequence[say.ChainRow]) -> None:
        chosen = self.chain_box.currentData()
        self.chain_box.clear()
        for chain in sorted(chains, key=lambda one: one.name):
            self.chain_box.addItem(f"{chain.name} ({chain.id})", chain.id)
        self.chain_box.addItem(tr(_C, "Another EVM chain…"), "")
        at = self.chain_box.findData(chosen) if chosen is not None else self.chain_box.findData("eip155:1")
        self.chain_box.setCurrentIndex(max(0, at))
        self._chosen()

    def _chain(self, chain: say.ChainRow) -> QWidget:
        of = f"{chain.id} · {chain.symbol}" + (tr(_C, " · coins worth nothing") if chain.test else "")
        if chain.practice:
            of += tr(_C, " · runs as {program}", program=chain.practice)
        head = hbox(Label(chain.name, "medium"), Label(of, "mono_micro", "text3"), None)
        if chain.line:
            head.addWidget(self._button("trash", tr(_C, "Remove the chain {name}", name=chain.name), chain.line, True))
        parts: list[QWidget] = [box(head)]
        for endpoint in chain.endpoints:
            shape, tone = say.state_signal(endpoint)
            row = hbox(
                Lamp(shape),
                (Label(endpoint.shown, "mono_micro", elide=True), 2),
                (Label(say.state_words(endpoint), "small", tone, elide=True), 3),
            )
            if endpoint.line:
                tip = tr(_C, "Remove the endpoint {name}", name=endpoint.shown)
                row.addWidget(self._button("trash", tip, endpoint.line, False))
            elif chain.id == say.MAINNET:
                row.addWidget(Label(tr(_C, "from Solana endpoints"), "small", "text3"))
            parts.append(box(row))
        if not chain.endpoints and not chain.practice:
            parts.append(Label(tr(_C, "No endpoint: nobody is asked."), "small", "warn"))
        if chain.note:
            parts.append(Label(remote(chain.note, 200), "small", "text3", wrap=True))
        return box(vbox(rule(), *parts, gap=4, margins=(0, 6, 0, 6)))

    def _button(self, icon: str, tip: str, line: str, whole: bool) -> Button:
        made = Button("", "ghost", icon, tip=tip)
        made.setProperty("line", line)
        made.clicked.connect(self._remove_chain if whole else self._remove_endpoint)
        return made

    @Slot()
    def _remove_endpoint(self) -> None:
        sender = self.sender()
        line = str(sender.property("line")) if sender is not None else ""
        self.edited.emit("chain_rpc", tuple(one for one in self._lines if one != line))

    @Slot()
    def _remove_chain(self) -> None:
        sender = self.sender()
        line = str(sender.property("line")) if sender is not None else ""
        name = f"eip155:{line.split()[0]}" if line.split() else ""
        added = tuple(one for one in self._added if one != line)
        endpoints = tuple(one for one in self._lines if one.partition(" ")[0] != name)
        if endpoints != self._lines:
            self.edited.emit("chain_rpc", endpoints)
        self.edited.emit("chains_added", added)

    # --- a new one ---

    @Slot()
    def _chosen(self) -> None:
        self._new.setVisible(self.chain_box.currentData() == "")
        self._forget_try()

    def _forget_try(self) -> None:
        self._tried = None
        self.save_button.hide()

    def try_out(self) -> None:
        """Has the node ask the endpoint which chain it serves, and saves it when it is the right one."""
        try:
            chain, url, number = self._typed()
        except (BadChain, BadEndpoint) as error:
            self._say(str(error), "sell")
            return
        if self._node is None:
            self._say(tr(_C, "The node does not run: it cannot be tried out."), "warn")
            self._offer_untried(chain, url)
            return
        self.add_button.setEnabled(False)
        self._say(tr(_C, "Asking {host} which chain it serves…", host=Endpoint.parse(url, ("http", "https")).shown))
        self._asking = run(
            self,
            self._node.test_endpoint(chain, url, number=number),
            lambda found: self._was_tried(chain, url, found),
            lambda error: self._not_tried(chain, url, error),
        )

    def _typed(self) -> tuple[str, str, int | None]:
        url = Endpoint.parse(self.url.text(), ("http", "https")).url
        chosen = self.chain_box.currentData()
        if chosen:
            return str(chosen), url, None
        line, chain = say.chain_line(
            self.number.text(), self.name.text(), self.symbol.text(), self.test.isChecked(), self._added
        )
        return str(chain), url, int(line.split()[0])

    def _was_tried(self, chain: str, url: str, found: EndpointView) -> None:
        self._asking = None
        self.add_button.setEnabled(True)
        if found.state == "other_chain":
            said = tr(_C, "Refused: {host}: {why}. Nothing was saved.", host=found.shown, why=remote(found.reason, 200))
            self._say(said, "sell")
            return
        if found.state in ("failing", "contradicts"):
            said = tr(_C, "{host} does not answer: {why}", host=found.shown, why=remote(found.reason, 200))
            self._say(said, "warn")
            self._offer_untried(chain, url)
            return
        took = tr(_C, "{n} ms", n=f"{found.latency_ms:,}") if found.latency_ms is not None else tr(_C, "answered")
        self._save(chain, url)
        self._say(tr(_C, "{host} serves this chain ({took}). Saved.", host=found.shown, took=took))

    def _not_tried(self, chain: str, url: str, error: BaseException) -> None:
        self._fail(error)
        self._offer_untried(chain, url)

    def _offer_untried(self, chain: str, url: str) -> None:
        self._tried = chain, url
        self.save_button.show()

    def _save_untried(self) -> None:
        if self._tried is not None:
            self._save(*self._tried)
            self._say(tr(_C, "Saved. It is asked for its chain before its first use."))

    def _save(self, chain: str, url: str) -> None:
        if not self.chain_box.currentData():
            try:
                line, _ = say.chain_line(
                    self.number.text(), self.name.text(), self.symbol.text(), self.test.isChecked(), self._added
                )
            except BadChain as error:
                self._say(str(error), "sell")
                return
            self.edited.emit("chains_added", (*self._added, line))
            for field in (self.number, self.name, self.symbol):
                field.clear()
        line = say.endpoint_line(chain, url)
        if line not in self._lines:
            self.edited.emit("chain_rpc", (*self._lines, line))
        self.url.clear()
        self._forget_try()

    def _say(self, words: str, tone: str = "text2") -> None:
        self.message.set(words, tone)
        self.message.show()

    def _stop(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self.ask_button.setEnabled(True)
        self.add_button.setEnabled(True)


class Lamp(QWidget):
    """The shape of a state; the words beside it say the same."""

    def __init__(self, shape: str) -> None:
        super().__init__()
        self._shape = shape
        self.setFixedSize(14, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints it."""
        draw_signal(QPainter(self), 2, 3, self._shape)


def _line(name: str, hint: str, most: int) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    made.setMaxLength(most)
    set_role(made, "mono_micro")
    return made


async def _asked(node: "WalletNode") -> list[ChainView]:
    found = (await node.chains()).items
    return [await node.chain(one.id) if one.endpoints or one.practice else one for one in found]
