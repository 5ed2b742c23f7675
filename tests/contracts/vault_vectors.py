"""Makes `contracts/evm/test/vectors/vault.json`: random lives of vaults, each step with what the model says of it. The
forge test `test/synthetics/Differential.t.sol` leads a real vault through the same steps and compares to the unit.

    python tests/contracts/vault_vectors.py [first seed] [lives]

Without arguments it makes what is committed; with others, lives that nobody has seen.

A step is nineteen numbers. Six go in: kind, seconds before it, account, two amounts, the price (zero: the oracle is
dead). Six come out: refused or not, three results, the account's collateral and debt. Seven are the vault's: index,
collateral, debt, supply, bad debt, fees, shortfall.
"""

import json
import random
import sys
from dataclasses import replace
from pathlib import Path

from fluxdesk.core.curves import vault as model
from fluxdesk.core.curves.vault import PRICE_UNIT, RAY, WAD, Position, Terms, Vault, VaultRefusal

PLACE = Path(__file__).resolve().parents[2] / "contracts/evm/test/vectors/vault.json"
ACCOUNTS = 3
DEPOSIT, MINT, LEAVE, LIQUIDATE, COLLECT, SHUTDOWN, REALISE, REDEEM = range(8)


def _terms(rng: random.Random) -> Terms:
    lltv = rng.choice([0.4, 0.6, 0.77, 0.86, 0.915, 0.945, 0.98])
    lltv_wad = round(lltv * 10_000) * WAD // 10_000
    return Terms(
        max_ltv=lltv_wad * rng.randint(80, 98) // 100,
        lltv=lltv_wad,
        target_health=WAD + rng.randint(1, 50) * WAD // 100,
        stability_fee=RAY + rng.choice([0, 1_547_125_957_863_212_448, rng.randint(1, 12_857_214_404_249_400_000)]),
        mint_fee=rng.randint(0, 2 * WAD // 100),
        debt_ceiling=rng.choice([10**27, 10**33]),
        min_debt=rng.choice([1, 100 * WAD]),
    )


class _Life:
    """One vault led through random steps beside its model."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.vault = Vault(_terms(self.rng))
        self.positions = [Position() for _ in range(ACCOUNTS)]
        self.decimals = self.rng.choice([6, 18, 27])
        self.unit = 10**self.decimals
        self.fair = self.rng.randint(1, 5_000) * 10**18 * PRICE_UNIT // self.unit
        self.last_price = 0
        self.shut = False
        self.since = 0
        self.kept = self.vault.index
        self.steps: list[list[int]] = []

    def _amounts(self, kind: int, at: Position) -> tuple[int, int]:
        rng, unit = self.rng, self.unit
        debt = model.debt_of(at.normal, self.vault.index)
        if kind == DEPOSIT:
            return rng.choice([1, unit, rng.randint(1, 100 * unit), rng.randint(1, 10**6 * unit)]), 0
        if kind == MINT:
            room = model.mintable(at, self.vault.index, self.fair, self.vault.terms)
            return max(1, room * rng.choice([50, 95, 99, 100, 100, 101]) // 100), 0
        if kind == LEAVE:
            paid = rng.choice([0, 1, debt // 4, debt // 2, debt - 1, debt, 2**255])
            part = rng.choice([0, 1, at.collateral // 4, at.collateral // 3, at.collateral])
            return max(0, paid), part
        if kind == LIQUIDATE:
            return rng.choice([0, 1, debt // 3, debt, 2**255]), 0
        if kind == REDEEM:
            return rng.choice([1, debt // 3, debt, self.vault.supply, 2**200]), 0
        return 0, 0

    def _drop(self) -> int:
        """Lets the price fall until somebody's health is near one, or far below; returns whose."""
        index = self._index(0)
        who = max(range(ACCOUNTS), key=lambda k: model.debt_of(self.positions[k].normal, index))
        at = self.positions[who]
        debt = model.debt_of(at.normal, index)
        if debt and at.collateral:
            edge = debt * WAD // self.vault.terms.lltv * PRICE_UNIT // at.collateral
            self.fair = max(1, edge * self.rng.choice([101, 100, 99, 97, 93, 80, 40]) // 100)
        return who

    def _index(self, elapsed: int) -> int:
        """As of now: what is kept is that of the last step that was not refused and accrues."""
        if self.shut:
            return self.vault.index
        return model.accrue(self.vault.index, self.vault.terms.stability_fee, self.since + elapsed)

    def step(self, kind: int) -> None:
        rng = self.rng
        who = rng.randrange(ACCOUNTS)
        if kind == LIQUIDATE and rng.random() < 0.85:
            who = self._drop()
        elif rng.random() < 0.3:
            self.fair = max(1, self.fair * rng.randint(80, 125) // 100)
        price = 0 if rng.random() < 0.08 else self.fair
        elapsed = rng.choice([0, 1, rng.randint(1, 10**5), rng.randint(1, 10**6)])
        if kind in (REALISE, REDEEM):
            elapsed += 86_400
        vault, before = replace(self.vault, index=self._index(elapsed)), self.positions[who]
        given, other = self._amounts(kind, before)
        out, refused, at, after = [0, 0, 0], 0, before, vault
        try:
            after, at, out = self._do(vault, before, kind, given, other, price)
            if after.supply < 0:
                return  # fees that nobody collected: the payer cannot hold what the last debt needs
        except VaultRefusal:
            refused = 1
        self.since += elapsed
        if not refused:
            if self._used_price(kind, price, before, at, vault.index):
                self.last_price = price
            self.positions[who] = at
            self.vault = after
            if kind == DEPOSIT:  # it looks at no debt, so the index is not brought up
                self.vault = replace(after, index=self.kept)
            else:
                self.since = 0
            self.kept = self.vault.index
        debt = model.debt_of(at.normal, after.index)
        given_in = (kind, elapsed, who, given, other, price)
        totals = (after.index, after.collateral, after.debt, after.supply, after.bad_debt, after.fees, after.shortfall)
        self.steps.append([*given_in, refused, *out, at.collateral, debt, *totals])

    def _used_price(self, kind: int, price: int, before: Position, at: Position, index: int) -> bool:
        if price == 0 or self.shut:
            return False
        if kind == LEAVE and at.normal and at.collateral != before.collateral:
            rest, debt = model.debt_of(at.normal, index), model.debt_of(before.normal, index)
            return at.collateral * debt < before.collateral * rest
        return kind in (MINT, LIQUIDATE, COLLECT)

    def _do(
        self, vault: Vault, at: Position, kind: int, given: int, other: int, price: int
    ) -> tuple[Vault, Position, list[int]]:
        out = [0, 0, 0]
        if kind == DEPOSIT:
            self._open()
            vault, at = model.deposit(vault, at, given)
        elif kind == MINT:
            self._open(price)
            vault, at = model.mint(vault, at, given, price)
        elif kind == LEAVE:
            vault, at, out[0] = model.leave(
                vault, at, given, other, self.last_price if self.shut else price or None, shut=self.shut
            )
        elif kind == LIQUIDATE:
            self._open(price)
            vault, at, done = model.liquidate(vault, at, given, price)
            out = [done.burned, done.seized, done.bad_debt]
        elif kind == COLLECT:
            out[0] = vault.fees
            vault = replace(vault, supply=vault.supply + vault.fees)
        elif kind == REALISE:
            vault, at, out[0] = model.realise(vault, at, self.last_price)
        elif kind == REDEEM:
            if self.last_price == 0:
                raise VaultRefusal("ZeroAmount")
            vault, at, out[0], out[1] = model.redeem(vault, at, given, self.last_price)
        return vault, at, out

    def _open(self, price: int = 1) -> None:
        if self.shut:
            raise VaultRefusal("VaultShutdown")
        if price == 0:
            raise VaultRefusal("OracleNotLive")

    def shut_down(self) -> None:
        self.vault = replace(self.vault, index=self._index(0))
        self.steps.append([SHUTDOWN, *[0] * 18])
        self.shut = True


def make(first: int = 0, lives: int = 16, length: int = 40) -> str:
    """The JSON text, the same for the same seeds."""
    made = []
    for seed in range(first, first + lives):
        life = _Life(seed)
        for _ in range(3):
            life.step(DEPOSIT)
        for _ in range(length):
            life.step(life.rng.choice([DEPOSIT, MINT, MINT, LEAVE, LEAVE, LIQUIDATE, LIQUIDATE, COLLECT]))
        life.shut_down()
        for _ in range(length // 2):
            life.step(life.rng.choice([LEAVE, COLLECT, REALISE, REDEEM, REDEEM, MINT]))
        t = life.vault.terms
        terms = [t.max_ltv, t.lltv, t.target_health, t.stability_fee, t.mint_fee, t.debt_ceiling, t.min_debt]
        made.append(
            {
                "decimals": str(life.decimals),
                "terms": [str(n) for n in terms],
                "steps": [str(n) for step in life.steps for n in step],
            }
        )
    return json.dumps({"count": str(lives), "lives": made}, indent=None, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    PLACE.write_text(make(*map(int, sys.argv[1:3])), encoding="utf-8")
