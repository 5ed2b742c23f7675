"""What leaves the agent: words to be written down, keys into a private file; after passphrase and second factor.

Nothing of it goes to the clipboard, and nothing stays in a widget once the page is left.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fluxdesk.core.private_file import write_private
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QComboBox, QFileDialog, QWidget, Signal
from fluxdesk.desktop.screens.wallet.backup_trial import BackupTrial
from fluxdesk.desktop.screens.wallet.fields import NewPassphrase, SecretEdit
from fluxdesk.desktop.screens.wallet.security_forms import Form, code_field, code_of
from fluxdesk.desktop.widgets.basics import Label, box, vbox
from fluxdesk.desktop.words import remote, short_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fluxdesk.desktop.agent_facts import Account, HeldWallet
    from fluxdesk.desktop.agent_link import AgentLink

_C = "Wallet"
Form_ = Literal["text", "file"]


class Again(Form):
    """Passphrase and, where it is on, a code: asked before anything leaves."""

    def __init__(self, title: str, note: str, verb: str, *fields: QWidget) -> None:
        self.passphrase = SecretEdit(tr(_C, "Passphrase"))
        self.code = code_field()
        self._code = box(vbox(Label(tr(_C, "Code of the second factor"), "small_strong"), self.code, gap=6))
        super().__init__(
            title,
            note,
            verb,
            *fields,
            Label(tr(_C, "Passphrase of the wallet"), "small_strong"),
            self.passphrase,
            self._code,
        )
        self.home = self.passphrase
        self.passphrase.textChanged.connect(self.check)
        self.code.textChanged.connect(self.check)
        self.passphrase.returnPressed.connect(self.go)
        self.code.returnPressed.connect(self.go)

    def open(self, link: "AgentLink") -> None:
        """Shown anew; with a field for the code where there is a second factor."""
        found = link.state.condition
        self._code.setVisible(found is not None and found.second_factor)
        super().open(link)

    def ready(self) -> bool:
        """What is asked for was typed."""
        return bool(self.passphrase.text()) and (self._code.isHidden() or len(code_of(self.code) or "") == 6)


class AskAgain(Again):
    """Before words are shown.

    Signals:
        revealed: The words.
    """

    revealed = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            tr(_C, "Show the words"),
            tr(_C, "Whoever sees the words has the money. Be sure that nobody looks on, and no camera either."),
            tr(_C, "Show the words"),
        )
        self.wallet = ""

    def begin(self, link: "AgentLink") -> None:
        """Asks for them."""
        work = link.reveal(self.wallet, self.passphrase.take(), code_of(self.code))
        self.work(work, tr(_C, "Checking the passphrase"), 1.0, self.revealed.emit)


class Words(BackupTrial):
    """The words of a wallet: asked again, shown, and tried from paper."""

    def __init__(self) -> None:
        self.ask = AskAgain()
        super().__init__(self.ask, tr(_C, "The back-up was tried: your paper has the words."))
        self.ask.revealed.connect(self._show)

    def open_wallet(self, link: "AgentLink", wallet: "HeldWallet") -> None:
        """Asks for the passphrase, for the words of this wallet."""
        self.forget()
        self._link, self.ask.wallet = link, wallet.id
        self.ask.title.set(tr(_C, "The words of {label}", label=remote(wallet.label)))
        self.ask.open(link)
        self.setCurrentIndex(0)

    def _kept(self, link: "AgentLink") -> Awaitable[None]:
        return link.backed_up(self.ask.wallet)


class ExportKey(Again):
    """One private key into a file that only the user can read."""

    def __init__(self, choose: Callable[[QWidget, str], Path | None] | None = None) -> None:
        self.account, self.form = QComboBox(), QComboBox()
        self.account.setAccessibleName(tr(_C, "Account"))
        self.form.setAccessibleName(tr(_C, "Form of the file"))
        self.password = NewPassphrase(tr(_C, "Password of the file"))
        self._choose = choose or _ask_for_file
        self._accounts: dict[str, Account] = {}
        super().__init__(
            tr(_C, "Export a private key"),
            tr(
                _C,
                "Whoever has the file has the account, unless it has a password of its own. It is written where you "
                "say, readable for your user alone, and goes nowhere else; delete it when you are done.",
            ),
            tr(_C, "Export into a file"),
            Label(tr(_C, "Account"), "small_strong"),
            self.account,
            Label(tr(_C, "Form"), "small_strong"),
            self.form,
            self.password,
        )
        self.account.currentIndexChanged.connect(self._offer_forms)
        self.form.currentIndexChanged.connect(self._needs_password)
        self.password.changed.connect(self.check)

    def set_accounts(self, accounts: "Sequence[Account]") -> None:
        """Those that can sign."""
        self._accounts = {a.id: a for a in accounts if a.signs}
        self.account.clear()
        for account in self._accounts.values():
            self.account.addItem(f"{remote(account.label)}  {short_address(account.address, 6, 6)}", account.id)
        self._offer_forms()

    def forget(self) -> None:
        """Empties every field."""
        super().forget()
        self.password.forget()

    def _offer_forms(self) -> None:
        account = self._accounts.get(str(self.account.currentData()))
        self.form.clear()
        if account is None:
            return
        if account.family == "evm":
            self.form.addItem(tr(_C, "Key file with a password (keystore v3)"), "file")
            self.form.addItem(tr(_C, "The bare key as hexadecimal text"), "text")
        else:
            self.form.addItem(tr(_C, "Solana keypair file (JSON), without a password"), "file")
            self.form.addItem(tr(_C, "The bare key as base58 text"), "text")
        self._needs_password()

    @property
    def _with_password(self) -> bool:
        account = self._accounts.get(str(self.account.currentData()))
        return account is not None and account.family == "evm" and self.form.currentData() == "file"

    def _needs_password(self) -> None:
        self.password.setVisible(self._with_password)
        self.check()

    def ready(self) -> bool:
        """An account, what is asked again, and a password where the file has one."""
        return super().ready() and bool(self._accounts) and (not self._with_password or self.password.ready)

    def begin(self, link: "AgentLink") -> None:
        """Asks where to, then for the key, and writes it."""
        account = self._accounts[str(self.account.currentData())]
        form: Form_ = "file" if self.form.currentData() == "file" else "text"
        where = self._choose(self, f"{account.family}-{short_address(account.address, 6, 4)}.{_ending(account, form)}")
        if where is None:
            return
        work = _write(link, account.id, form, self.passphrase.take(), code_of(self.code), self.password.take(), where)
        derivations = 2.0 if self._with_password else 1.0
        self.work(work, tr(_C, "Checking the passphrase"), derivations, lambda _: self._done(where))

    def _done(self, where: Path) -> None:
        self.said.emit(tr(_C, "The key was written to {file}, readable for your user alone.", file=where.name))
        self.left.emit()


def _ending(account: "Account", form: Form_) -> str:
    return "json" if form == "file" else "key"


def _ask_for_file(parent: QWidget, name: str) -> Path | None:
    chosen, _ = QFileDialog.getSaveFileName(parent, tr(_C, "Export into a file"), name.replace("…", "-"))
    return Path(chosen) if chosen else None


async def _write(
    link: "AgentLink",
    account: str,
    form: Form_,
    passphrase: bytearray,
    code: str | None,
    password: bytearray,
    where: Path,
) -> None:
    key = await link.export(account, form, passphrase, code, password)
    try:
        await asyncio.to_thread(write_private, where, key)
    except OSError as error:
        why = error.strerror or str(error)
        raise OSError(
            tr(_C, "{file} could not be written: {why}. Nothing was kept.", file=where.name, why=why)
        ) from None
    finally:
        key[:] = bytes(len(key))
