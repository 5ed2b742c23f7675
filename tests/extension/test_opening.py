"""The popup shows what it kept before anyone has answered."""

from typing import Any

import chromium
from chromium import WITHIN_MS
from opening import keep, kept_data, openings


async def test_the_popup_shows_what_it_kept_before_anyone_answers(desk: chromium.Desk) -> None:
    async with chromium.browser(desk) as context:  # no manifest: there is nobody who could answer
        await keep(context, kept_data())
        (one,) = await openings(context, 1)
        assert 0 < one.drawn_ms <= one.painted_ms
        page: Any = await chromium.popup(context)
        await page.locator(".hero", has_text="1 ETH").wait_for(timeout=WITHIN_MS)
        assert await page.locator(".accounts .row").count() == 5
        assert await page.locator(".launch").count() == 3
        assert await page.locator(".token").all_inner_texts() == [
            "T1\n0x0000…0001\n1",
            "T2\n0x0000…0002\n2",
            "T3\n0x0000…0003\n3",
        ]
        assert "heard" in await page.locator(".accounts h2").inner_text()
