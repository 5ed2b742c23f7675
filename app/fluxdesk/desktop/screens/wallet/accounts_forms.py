"""The forms of the Accounts page: a key from elsewhere, one more wallet, a name, accounts that are in use already."""

from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fluxdesk.desktop.feed import NodeTrouble
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.qt import QComboBox, QFileDialog, QLineEdit, QPlainTextEdit, Qt, QWidget, Signal
from fluxdesk.desktop.screens.wallet.backup_trial import BackupTrial
from fluxdesk.desktop.screens.wallet.discovery import SCHEMES, Outcome, look_for, path_words
from fluxdesk.desktop.screens.wallet.fields import SecretEdit
from fluxdesk.desktop.screens.wallet.holdings import served
from fluxdesk.desktop.screens.wallet.security_forms import Form
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Segmented, box, hbox, vbox
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fluxdesk.desktop.agent_facts import Account, Family, HeldWallet
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode
    from fluxdesk_host.agent.owner import SchemeName

_C = "Wallet"
KeyForm = Literal["evm", "solana", "keystore_v3"]
_KEY_FORMS: tuple[KeyForm, ...] = ("evm", "solana", "keystore_v3")
LARGEST_KEY_FILE = 65_536


def name_field() -> QLineEdit:
    """A label."""
    field = QLineEdit()
    field.setAccessibleName(tr(_C, "Name"))
    field.setMaxLength(48)
    set_role(field, "body")
    return field


def secret_text(name: str, hint: str) -> QPlainTextEdit:
    """Several lines that input methods do not learn."""
    field = QPlainTextEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setFixedHeight(look().px(76))
    field.setTabChangesFocus(True)
    field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    set_role(field, "mono")
    return field


class Rename(Form):
    """Another name for an account or a wallet."""

    def __init__(self) -> None:
        self.label = name_field()
        self._account = ""
        super().__init__(
            tr(_C, "Rename"), "", tr(_C, "Save the name"), Label(tr(_C, "Name"), "small_strong"), self.label
        )
        self.home = self.label
        self.label.textChanged.connect(self.check)
        self.label.returnPressed.connect(self.go)

    def open_account(self, link: "AgentLink", account: "Account") -> None:
        """For this account."""
        self.open(link)
        self._account = account.id
        self.note.set(account.address)
        self.label.setText(account.label)

    def ready(self) -> bool:
        """A name was typed."""
        return bool(self.label.text().strip())

    def begin(self, link: "AgentLink") -> None:
        """Saves it."""
        self.work(link.rename_account(self._account, self.label.text().strip()), "", 0, lambda _: self.left.emit())


class ImportKey(Form):
    """A private key that another program made."""

    def __init__(self) -> None:
        self.form = Segmented(
            (tr(_C, "EVM key"), tr(_C, "Solana key"), tr(_C, "EVM key file")), 0, tr(_C, "Form of the key")
        )
        self.text = secret_text(tr(_C, "The key"), "")
        self.file_button = Button(tr(_C, "Read a file"), icon="folder")
        self.password = SecretEdit(tr(_C, "Password of the key file"))
        self._password = box(vbox(Label(tr(_C, "Password of the key file"), "small_strong"), self.password, gap=6))
        self.label = name_field()
        super().__init__(
            tr(_C, "Import a private key"),
            tr(
                _C,
                "The key goes to the agent and is kept in the wallet's file. The words of no wallet bring it back: "
                "keep its own back-up.",
            ),
            tr(_C, "Import the key"),
            self.form,
            self.text,
            hbox_of(self.file_button),
            self._password,
            Label(tr(_C, "Name"), "small_strong"),
            self.label,
        )
        self.home = self.text
        self.form.chosen.connect(lambda _: self._chosen())
        self.file_button.clicked.connect(self._choose)
        self.text.textChanged.connect(self.check)
        self.label.textChanged.connect(self.check)
        self._chosen()

    def _chosen(self) -> None:
        hints = (
            tr(_C, "64 hexadecimal digits, with or without 0x"),
            tr(_C, "base58 text, or a Solana keypair file: [12, 34, …]"),
            tr(_C, 'Key file (keystore v3): {"version": 3, "crypto": …}'),
        )
        self.text.setPlaceholderText(hints[self.form.current])
        self._password.setVisible(self.form.current == 2)
        self.check()

    def open(self, link: "AgentLink") -> None:
        """Shown anew, empty."""
        super().open(link)
        self.label.setText(tr(_C, "Imported"))

    def forget(self) -> None:
        """Empties every field."""
        super().forget()
        self.text.setPlainText("")

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr(_C, "A key file"))
        if chosen:
            self.read(Path(chosen))

    def read(self, file: Path) -> None:
        """The text of a file into the field."""
        try:
            if file.stat().st_size > LARGEST_KEY_FILE:
                raise ValueError(tr(_C, "{file} is too large for a key. Nothing was read.", file=file.name))
            self.text.setPlainText(file.read_text("utf-8"))
        except UnicodeDecodeError:
            self.problem.set(tr(_C, "{file} is not text. Nothing was read.", file=file.name))
        except OSError as error:
            self.problem.set(tr(_C, "{file}: {why}.", file=file.name, why=error.strerror or error))
        except ValueError as error:
            self.problem.set(str(error))

    def ready(self) -> bool:
        """A key and a name."""
        return bool(self.text.toPlainText().strip()) and bool(self.label.text().strip())

    def begin(self, link: "AgentLink") -> None:
        """Hands it to the agent."""
        text, form = bytearray(self.text.toPlainText().strip().encode()), _KEY_FORMS[self.form.current]
        work = link.import_file(form, text, self.password.take(), self.label.text().strip())
        self.work(work, tr(_C, "Reading the key") if form == "keystore_v3" else "", 2.0, self._done)

    def _done(self, _: object) -> None:
        self.said.emit(tr(_C, "The key was imported."))
        self.left.emit()


class NewWallet(Form):
    """Words for one more wallet: new ones, or some the user has.

    Signals:
        made: The new words, or an empty list for those that were typed.
    """

    made = Signal(object)

    def __init__(self) -> None:
        self.way = Segmented(
            (tr(_C, "12 new words"), tr(_C, "24 new words"), tr(_C, "Words that I have")), 0, tr(_C, "Which words")
        )
        self.mnemonic = secret_text(tr(_C, "Your words"), tr(_C, "The words in their order, with spaces between them"))
        self.extra = SecretEdit(
            tr(_C, "Extra word of the other wallet"), tr(_C, "Extra word (BIP-39 passphrase), if there is one")
        )
        self._typed = box(vbox(self.mnemonic, self.extra, gap=6))
        self.label = name_field()
        self.passphrase = SecretEdit(tr(_C, "Passphrase of the wallet"))
        super().__init__(
            tr(_C, "One more wallet"),
            tr(_C, "It has words of its own, and lies beside the others under the same passphrase."),
            tr(_C, "Add the wallet"),
            self.way,
            self._typed,
            Label(tr(_C, "Name"), "small_strong"),
            self.label,
            Label(tr(_C, "Passphrase of this computer"), "small_strong"),
            self.passphrase,
        )
        self.home = self.label
        self.way.chosen.connect(lambda _: self._chosen())
        self.mnemonic.textChanged.connect(self.check)
        self.label.textChanged.connect(self.check)
        self.passphrase.textChanged.connect(self.check)
        self.passphrase.returnPressed.connect(self.go)
        self._chosen()

    def _chosen(self) -> None:
        self._typed.setVisible(self.way.current == 2)
        self.check()

    def forget(self) -> None:
        """Empties every field."""
        super().forget()
        self.mnemonic.setPlainText("")

    def ready(self) -> bool:
        """Name, passphrase, and words where they are typed."""
        words = len(self.mnemonic.toPlainText().split())
        return bool(self.label.text().strip() and self.passphrase.text()) and (self.way.current != 2 or words >= 12)

    def begin(self, link: "AgentLink") -> None:
        """Has it made."""
        label, passphrase = self.label.text().strip(), self.passphrase.take()
        what = tr(_C, "Checking the passphrase")
        if self.way.current == 2:
            words = bytearray(" ".join(self.mnemonic.toPlainText().lower().split()).encode())
            self.work(link.restore(passphrase, words, self.extra.take(), label), what, 1.0, lambda _: self._done([]))
        else:
            count: Literal[12, 24] = 24 if self.way.current == 1 else 12
            self.work(link.create_wallet(passphrase, count, label), what, 1.0, self._done)

    def _done(self, words: list[str]) -> None:
        self.forget()
        self.made.emit(words)


class OneMoreWallet(BackupTrial):
    """The form, the new words, and their trial.

    Signals:
        restored: A wallet came from words that the user has: its accounts may be in use.
    """

    restored = Signal()

    def __init__(self) -> None:
        self.form = NewWallet()
        super().__init__(self.form, tr(_C, "The wallet was added, and its back-up tried."))
        self.form.made.connect(self._made)

    def open(self, link: "AgentLink") -> None:
        """Shown anew."""
        self.forget()
        self._link = link
        self.form.open(link)

    def _made(self, words: object) -> None:
        if words:
            self._show(words)
            return
        self.said.emit(tr(_C, "The wallet was added."))
        self.restored.emit()

    def _kept(self, link: "AgentLink") -> Awaitable[None]:
        return _tried(link)


class Discover(Form):
    """Looks which accounts of a wallet are in use, and adds those.

    Signals:
        added: Accounts were added.
    """

    added = Signal()

    def __init__(self) -> None:
        self.wallet = QComboBox()
        self.wallet.setAccessibleName(tr(_C, "Wallet"))
        self.results = Label("", "body", wrap=True)
        super().__init__(
            tr(_C, "Look for used accounts"),
            "",
            tr(_C, "Look for them"),
            Label(tr(_C, "Wallet"), "small_strong"),
            self.wallet,
            self.results,
        )
        paths = "\n".join(path_words(s) for schemes in SCHEMES.values() for s in schemes)
        self.note.set(
            tr(
                _C,
                "The agent derives addresses, the node asks the chains about them, and those that were ever used are "
                "added. Each kind of path is looked at until 20 addresses in a row were never used. Whoever answers "
                "for a chain learns that these addresses belong together. Paths:\n{paths}",
                paths=paths,
            )
        )
        self.home = self.wallet
        self._node: WalletNode | None = None
        self._outcomes: dict[SchemeName, Outcome] = {}

    def set_node(self, node: "WalletNode | None") -> None:
        """The node to ask."""
        self._node = node
        self.check()

    def set_wallets(self, wallets: "Sequence[HeldWallet]", chosen: str = "") -> None:
        """Those to choose from."""
        self.wallet.clear()
        for wallet in wallets:
            self.wallet.addItem(remote(wallet.label), wallet.id)
        place = self.wallet.findData(chosen)
        self.wallet.setCurrentIndex(place if place >= 0 else self.wallet.count() - 1)
        self.check()

    def forget(self) -> None:
        """Shows no outcome."""
        super().forget()
        self._outcomes.clear()
        self.results.set("")

    def ready(self) -> bool:
        """A wallet, and a node that can be asked."""
        return self._node is not None and self.wallet.count() > 0

    def begin(self, link: "AgentLink") -> None:
        """Looks, and adds."""
        assert self._node is not None
        self._outcomes.clear()
        self.results.set(tr(_C, "Asking the chains."))
        self.work(self._all(link, self._node, str(self.wallet.currentData())), "", 0, self._done)

    async def _all(self, link: "AgentLink", node: "WalletNode", wallet: str) -> int:
        chains = served((await node.chains()).items)
        if not chains:
            raise NodeTrouble(tr(_C, "No chain has an endpoint: there is nobody to ask. Nothing was added."))
        families: tuple[Family, ...] = ("solana", "evm")
        before = {a.id for a in await link.accounts()}
        for family in families:
            of_family = [c for c in chains if c.family == family]
            for scheme in SCHEMES[family] if of_family else ():
                outcome = await look_for(link, node, wallet, scheme, of_family, self._report)
                if outcome.used:
                    await link.add_discovered(wallet, scheme, outcome.used)
        return len({a.id for a in await link.accounts()} - before)

    def _report(self, outcome: Outcome) -> None:
        self._outcomes[outcome.scheme] = outcome
        self.results.set("\n".join(_words(o) for o in self._outcomes.values()))

    def _done(self, added: int) -> None:
        self.said.emit(plural(_C, added, "{n} account was added.", "{n} accounts were added."))
        self.added.emit()


def _words(outcome: Outcome) -> str:
    used = plural(_C, len(outcome.used), "{n} in use", "{n} in use")
    line = tr(_C, "{path}: {used} of {n} looked at", path=path_words(outcome.scheme), used=used, n=outcome.looked)
    if outcome.unasked:
        chains = "; ".join(f"{remote(chain, 40)}: {remote(why, 160)}" for chain, why in outcome.unasked.items())
        line += tr(_C, ". Unknown on: {chains}", chains=chains)
    return line


async def _tried(link: "AgentLink") -> None:
    wallets = await link.wallets()
    if wallets:
        await link.backed_up(wallets[-1].id)


def hbox_of(widget: QWidget) -> QWidget:
    """A widget at its own width."""
    return box(hbox(widget, None))
