"""Token metadata on demand: the one door of this package. Asks the network only when the setting allows it.

`MetadataFetcher.fetch` never raises for anything a token does; it says in the view what came of it.
"""

import asyncio
import base64
import time
from collections.abc import Sequence
from pathlib import Path

from fluxdesk.core.settings import Settings
from fluxdesk.core.views import MetadataView
from fluxdesk.launches.metadata.addresses import STRICT, AddressPolicy
from fluxdesk.launches.metadata.cache import Kept, MetadataCache
from fluxdesk.launches.metadata.document import Document, read_document
from fluxdesk.launches.metadata.download import Wanted, download
from fluxdesk.launches.metadata.errors import NotAllowed, NotFetched
from fluxdesk.launches.metadata.picture import PictureShop
from fluxdesk.launches.metadata.picture_child import INPUT_MAX
from fluxdesk.launches.metadata.uris import never_changes, to_try

WITHIN_S = 8.0
"""For a document, and again for its picture, over all gateways and redirects."""
FRESH_S = 24 * 3600
"""How long what a changeable address held is taken as still true."""
AT_ONCE = 4

DOCUMENT = Wanted(
    "a JSON document",
    256 * 1024,
    frozenset({"application/json", "text/json", "text/plain", "application/octet-stream", "binary/octet-stream"}),
)
PICTURE = Wanted(
    "a PNG, JPEG, WEBP or GIF picture",
    INPUT_MAX,
    frozenset(
        {"image/png", "image/jpeg", "image/jpg", "image/webp", "image/gif"}
        | {"application/octet-stream", "binary/octet-stream"}
    ),
)


PRACTICE = "practice:"
"""Scheme of the addresses that practice tokens name; nothing stands behind them."""


class MetadataFetcher:
    """Fetches, keeps and hands out what tokens say about themselves."""

    def __init__(self, folder: Path, policy: AddressPolicy = STRICT):
        """`folder` holds the cache; `policy` is strict unless a test needs its own server."""
        self._cache = MetadataCache(folder)
        self._policy = policy
        self._pictures = PictureShop()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._under_way: dict[str, asyncio.Task[Kept]] = {}

    async def fetch(self, mint: str, uri: str | None, settings: Settings) -> MetadataView:
        """What the token's `uri` holds, from the cache or the network."""
        if not uri or not uri.strip():
            return MetadataView(mint=mint, state="none", message="The token names no address.")
        if uri.strip().startswith(PRACTICE):
            return MetadataView(mint=mint, state="none", message="A token of the practice market: nothing to fetch.")
        if not settings.switch("metadata_fetch"):
            return MetadataView(mint=mint, state="off", message="Fetching is turned off in the settings.")
        try:
            kept = await self._kept(uri.strip(), settings.lines("ipfs_gateways"))
        except NotAllowed as error:
            return MetadataView(mint=mint, state="blocked", message=_sentence(error))
        except NotFetched as error:
            return MetadataView(mint=mint, state="failed", message=_sentence(error))
        document = kept.document
        return MetadataView(
            mint=mint,
            state="ok",
            message=kept.message,
            description=document.description,
            website=document.website,
            twitter=document.twitter,
            telegram=document.telegram,
            image_png_b64=base64.b64encode(kept.picture).decode() if kept.picture is not None else None,
        )

    async def _kept(self, uri: str, gateways: Sequence[str]) -> Kept:
        now_s = int(time.time())
        oldest_s = 0 if never_changes(uri) else now_s - FRESH_S
        if (kept := await asyncio.to_thread(self._cache.get, uri, oldest_s)) is not None:
            return kept
        if (task := self._under_way.get(uri)) is None:
            task = asyncio.create_task(self._ask(uri, gateways))
            self._under_way[uri] = task
            task.add_done_callback(lambda _: self._under_way.pop(uri, None))
        return await asyncio.shield(task)

    async def _ask(self, uri: str, gateways: Sequence[str]) -> Kept:
        async with self._slots:
            document = read_document(await self._first(uri, gateways, DOCUMENT))
            picture, message, lasting = await self._picture(document, gateways)
        kept = Kept(document, picture, message)
        if lasting:
            await asyncio.to_thread(self._cache.put, uri, kept, int(time.time()))
        return kept

    async def _picture(self, document: Document, gateways: Sequence[str]) -> tuple[bytes | None, str, bool]:
        """(PNG, remark, whether asking again soon would be of no use)."""
        if document.image is None:
            return None, "It names no picture.", True
        try:
            data = await self._first(document.image, gateways, PICTURE)
            return await self._pictures.small_png(data), "", True
        except NotAllowed as error:
            # Without a gateway the refusal is the settings' doing, and they may change.
            return None, f"The picture is not shown: {error}.", bool(gateways)
        except NotFetched as error:
            return None, f"The picture could not be fetched: {error}.", False

    async def _first(self, uri: str, gateways: Sequence[str], wanted: Wanted) -> bytes:
        """The body from the first address that has it. Raises the last one's reason."""
        addresses = to_try(uri, gateways)
        began = time.monotonic()
        for i, address in enumerate(addresses):
            left_s = WITHIN_S - (time.monotonic() - began)
            share_s = left_s / (len(addresses) - i)
            try:
                return await download(address, wanted, max(0.1, share_s), self._policy)
            except (NotAllowed, NotFetched):
                if i + 1 == len(addresses):
                    raise
        raise NotFetched("there is no address to ask")


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
