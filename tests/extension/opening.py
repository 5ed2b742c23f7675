"""How long the popup takes to open: from the navigation to the frame that shows what was kept."""

from dataclasses import dataclass
from typing import Any

from fluxdesk_host.bridge.identity import EXTENSION_ID

KEPT = """kept => chrome.storage.local.set(kept)"""
PAINTED = "() => performance.getEntriesByName('painted').length > 0"
MARKS = """() => Object.fromEntries(performance.getEntriesByType('mark').map(one => [one.name, one.startTime]))"""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening, in ms since the navigation began.

    Attributes:
        drawn_ms: the kept data are in the document.
        painted_ms: a frame with them was made; the figure of the target.
    """

    drawn_ms: float
    painted_ms: float


async def openings(context: Any, runs: int) -> list[Opening]:
    """Opens the popup as a page of its size so many times in a Playwright context that has the extension."""
    found = []
    for _ in range(runs):
        page = await context.new_page()
        await page.set_viewport_size({"width": 360, "height": 560})
        await page.goto(f"chrome-extension://{EXTENSION_ID}/popup.html")
        await page.wait_for_function(PAINTED)
        marks: dict[str, float] = await page.evaluate(MARKS)
        found.append(Opening(marks["drawn"], marks["painted"]))
        await page.close()
    return found


async def keep(context: Any, values: dict[str, object]) -> None:
    """Puts what it would have kept into the extension's storage."""
    await _in_a_page(context, KEPT, values)


async def kept(context: Any) -> dict[str, Any]:
    """What is in the extension's storage."""
    found: dict[str, Any] = await _in_a_page(context, "() => chrome.storage.local.get()")
    return found


async def _in_a_page(context: Any, script: str, *values: object) -> Any:
    """In a page of the extension: its worker is stopped when it is idle."""
    page = await context.new_page()
    await page.goto(f"chrome-extension://{EXTENSION_ID}/popup.html")
    found = await page.evaluate(script, *values)
    await page.close()
    return found


def kept_data() -> dict[str, object]:
    """What a user with a few accounts, chains and launches has kept: made up, of the size of the real thing."""
    accounts = [{"id": f"evm:0x{n:040x}", "label": f"Account {n}"} for n in range(1, 6)]
    chain = {"family": "evm", "symbol": "ETH", "decimals": 18, "practice": "", "usable": True}
    chains = [chain | {"id": f"eip155:{n}", "name": f"Chain {n}"} for n in range(1, 8)]
    tokens = [{"asset": f"0x{n:040x}", "symbol": f"T{n}", "amount": str(10**18 * n), "decimals": 18} for n in range(30)]
    holding = {"native": str(10**18), "symbol": "ETH", "decimals": 18, "tokens": tokens, "problem": "", "read": 1.8e12}
    launch = {
        "mint": "9vKq3T" + "1" * 38,
        "symbol": "KELPO",
        "name": "Kelp",
        "seen_ms": 1.8e12,
        "worth": 412.0,
        "unit": "SOL",
    }
    return {
        "state": {"op": "state", "locked": False, "mode": "live", "accounts": accounts, "grants": [], "waiting": []},
        "heard": 1.8e12,
        "chains": chains,
        "balances": {str(c["id"]): {str(a["id"])[4:]: holding for a in accounts} for c in chains},
        "launches": [launch | {"change": 0.5}] * 3,
        "launchesHeard": 1.8e12,
    }
