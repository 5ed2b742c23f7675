"""The first day of a new user with an empty home: all of it by hand, at the real whole, a picture of every step."""

import asyncio
import re
from pathlib import Path
from typing import Any

import chromium
import dapp
import pytest
import whole
from dapp import SIGN_MESSAGE, SIGN_TRANSACTION, asks
from whole import MAIN, PASSPHRASE, REQUEST, Home, Person

from fluxdesk.client.wallet import WalletClient

FRIEND, FRIEND_SOLANA = "0x00000000000000000000000000000000DeaDBeef", "JCp15hm4zQoghYFK277XE7xBBKVxmq4NBHU6TGV29Kqt"


class Day:
    """Steps with their pictures."""

    def __init__(self, home: Home, person: Person, pictures: Path) -> None:
        self.home, self.person, self._pictures, self._step = home, person, pictures, 0

    def picture(self, title: str, name: str) -> None:
        self._step += 1
        self.person.picture(title, self._pictures / f"{self._step:02}-{name}.png")

    async def creates(self) -> list[str]:
        """A wallet of twelve words, tried as the back-up check asks; the words."""
        person = self.person
        self.picture(MAIN, "first-run")
        await person.press(MAIN, "Start practice")
        await person.reads(MAIN, "Do you want a wallet?")
        self.picture(MAIN, "ways")
        await person.press(MAIN, "Create a wallet")
        await person.reads(MAIN, "Name")
        for name in ("New passphrase", "New passphrase again"):
            person.type(MAIN, name, PASSPHRASE)
        self.picture(MAIN, "passphrase")
        await person.press(MAIN, "Create the wallet")
        await person.press(MAIN, "Show the words")
        texts = (await person.reads(MAIN, "12")).splitlines()
        words = [texts[texts.index(str(n)) + 1] for n in range(1, 13)]
        self.picture(MAIN, "words")
        await person.press(MAIN, "I have written them down")
        await person.reads(MAIN, "Try your back-up")
        for n in range(1, 13):
            if any(one["name"] == f"Word {n}" for one in person.see()[MAIN]):
                person.type(MAIN, f"Word {n}", words[n - 1])
        self.picture(MAIN, "back-up-check")
        await person.press(MAIN, "Check the words")
        await person.press(MAIN, "See the accounts")
        return words

    async def pays(self, family: str, chain: str, coin: str, to: str, least: int) -> None:
        """Half a coin of a practice chain to somebody, from the Send page; it arrives."""
        person = self.person
        await person.press(MAIN, "Send")
        await person.choose(MAIN, "Account", family)
        await person.choose(MAIN, "Asset", coin)
        person.type(MAIN, "Recipient", to)
        person.type(MAIN, "Amount", "0.5")
        await person.press(MAIN, "Review the payment")
        await whole.holds(lambda: person.can_press(MAIN, "Ask for my signature"))
        self.picture(MAIN, f"review-{coin}")
        await person.press(MAIN, "Ask for my signature")
        await whole.holds(lambda: person.can_press(REQUEST, SIGN_TRANSACTION))
        self.picture(REQUEST, f"approve-{coin}")
        await person.press(REQUEST, SIGN_TRANSACTION)
        await whole.holds(lambda: self._held(chain, to, least))
        self.picture(MAIN, f"sent-{coin}")

    async def _held(self, chain: str, account: str, least: int) -> bool:
        client = WalletClient(self.home.node_socket)
        try:
            (found,) = (await client.balances(chain, [account])).items
        finally:
            await client.close()
        return int(found.native_base or 0) >= least

    async def meets_a_site(self, context: Any, account: str) -> None:
        """Pairs the browser, connects the test dApp, says no once and yes once."""
        person = self.person
        await whole.pair(person, context)
        async with dapp.evm(self.home, context, account) as page:
            for verb in ("Reject", SIGN_MESSAGE):
                waiting = asyncio.ensure_future(asks(page, "personal_sign", "0x6869", account))
                await whole.holds(lambda verb=verb: person.can_press(REQUEST, verb))
                self.picture(REQUEST, f"message-{verb}")
                await person.press(REQUEST, verb)
                assert (await waiting).get("code") == (4001 if verb == "Reject" else None)


def addresses(person: Person) -> tuple[str, str]:
    """EVM and Solana address of the Accounts page; empty while it does not show them."""
    shown = person.texts(MAIN)
    evm, solana = re.search(r"\b0x[0-9a-fA-F]{40}\b", shown), re.search(r"\b[1-9A-HJ-NP-Za-km-z]{43,44}\b", shown)
    return (evm[0] if evm else "", solana[0] if solana else "")


@pytest.mark.timeout(500)
async def test_a_wallet_is_made_used_locked_opened_and_brought_back_from_its_words(tmp_path: Path) -> None:
    home, other = Home(), Home()
    try:
        day = Day(home, await home.start(), tmp_path)
        words = await day.creates()
        await home.person.press(MAIN, "Accounts")
        await whole.holds(lambda: all(addresses(home.person)))
        day.picture(MAIN, "accounts")
        evm, solana = addresses(home.person)
        for chain, account in (("solana:local", solana), ("eip155:31337", evm)):
            await home.fund(chain, account)
        await home.person.press(MAIN, "Balances")
        await home.person.press(MAIN, "Refresh")
        await home.person.reads(MAIN, "2 balances")
        day.picture(MAIN, "balances")
        await day.pays("solana", "solana:local", "SOL", FRIEND_SOLANA, 5 * 10**8)
        await day.pays("evm", "eip155:31337", "ETH", FRIEND, 5 * 10**17)
        async with chromium.opened(home.browser_profile) as context:
            await day.meets_a_site(context, evm.lower())
        await home.person.key(MAIN, "Ctrl+L")
        await home.person.press(MAIN, "Wallet")
        await home.person.reads(MAIN, "The wallet is locked")
        day.picture(MAIN, "locked")
        await home.quit()
        await home.start()
        await whole.unlock(home.person)
        await home.quit()
        person = await other.start()
        await person.press(MAIN, "Start practice")
        await whole.fill_wallet(person, " ".join(words))
        await person.press(MAIN, "See the accounts")
        await person.reads(MAIN, "Look for used accounts")
        await person.press(MAIN, "Back")
        await whole.holds(lambda: all(addresses(person)))
        assert addresses(person) == (evm, solana)
    finally:
        await home.close()
        await other.close()
