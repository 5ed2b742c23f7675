"""The HTTP side of the node: REST answers from the desk, one WebSocket, and the OpenAPI document. Holds no state."""

import asyncio
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Path, Query, Request, WebSocket, WebSocketDisconnect
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fluxdesk import __version__
from fluxdesk.core import views
from fluxdesk.gateway import parameters as p
from fluxdesk.gateway.desk import BadRequest, Desk, NoSuchThing
from fluxdesk.gateway.frames import MAX_REQUEST_BYTES
from fluxdesk.gateway.hub import Goodbye, Hub
from fluxdesk.gateway.limits import Limits
from fluxdesk.gateway.listing import list_launches
from fluxdesk.gateway.schema import answer, components, problem, responses, settings_body
from fluxdesk.gateway.wallet_desk import Wallet
from fluxdesk.gateway.wallet_routes import wallet_routes

Mint = Annotated[str, Path(min_length=1, max_length=96, pattern=r"^[A-Za-z0-9@:]+$")]
Signature = Annotated[str, Path(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9]+$")]
SeqNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]
NothingElse = Annotated[p.NoParameters, Query()]
TRY_AGAIN = 1013
"""WebSocket close code: the server ends the connection for want of resources (IANA registry)."""


def make_app(desk: Desk, hub: Hub, wallet: Wallet) -> FastAPI:
    """The application of one node."""
    app = FastAPI(
        title="Fluxdesk node", version=__version__, docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json"
    )
    app.add_middleware(Limits)
    _problems(app)
    _node_routes(app, desk, hub)
    _token_routes(app, desk)
    _journal_routes(app, desk)
    wallet_routes(app, wallet)
    _stream(app, hub)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    return app


def _node_routes(app: FastAPI, desk: Desk, hub: Hub) -> None:
    @app.get("/v1/status", responses=responses(views.StatusView))
    async def status(_: NothingElse) -> Response:
        """The node in one object."""
        return answer(desk.status())

    @app.get("/v1/sources", responses=responses(views.SourcesView))
    async def sources(_: NothingElse) -> Response:
        """Health of every source."""
        return answer(views.SourcesView(items=desk.sources()))

    @app.get("/v1/gaps", responses=responses(views.GapsView))
    async def gaps(_: NothingElse) -> Response:
        """Slots that sources missed."""
        return answer(views.GapsView(items=desk.gaps()))

    @app.get("/v1/settings", responses=responses(views.SettingsView))
    async def settings(_: NothingElse) -> Response:
        """The settings table with this profile's values."""
        return answer(desk.settings())

    @app.patch(
        "/v1/settings",
        responses=responses(views.SettingsView, 415),
        openapi_extra={"requestBody": settings_body()},
    )
    async def change_settings(request: Request, _: NothingElse) -> Response:
        """Changes settings; either all of them or none."""
        return answer(await desk.change_settings(await _changes(request)))

    @app.post("/v1/node/shutdown", responses=responses(views.Accepted))
    async def shutdown(_: NothingElse) -> Response:
        """Stops the node in an orderly way."""
        desk.shut_down()
        return answer(views.Accepted(message="The node is stopping; everything it published is kept."))

    @app.get("/v1/search", responses=responses(views.SearchPage))
    async def search(query: Annotated[p.SearchParameters, Query()]) -> Response:
        """Tokens by name, symbol, description, creator or mint."""
        return answer(views.SearchPage(items=await desk.search(query.q, query.limit)))

    @app.get("/v1/launches", responses=responses(views.LaunchPage))
    async def launches(query: Annotated[p.LaunchesParameters, Query()]) -> Response:
        """The Launches list: the tokens in memory (the last ones active), filtered, sorted, one page."""
        asked = query.query(hub.clock.now().wall / 1e9)
        return answer(await desk.ask(lambda book: list_launches(book, asked)))


def _token_routes(app: FastAPI, desk: Desk) -> None:
    @app.get("/v1/tokens/{mint}", responses=responses(views.TokenView))
    async def token(mint: Mint, _: NothingElse) -> Response:
        """Everything the Token screen shows beside candles and trades."""
        return answer(await desk.token(await desk.token_key(mint)))

    @app.get("/v1/tokens/{mint}/trades", responses=responses(views.TradePage))
    async def trades(mint: Mint, page: Annotated[p.Page, Query()]) -> Response:
        """Trades, newest first."""
        return answer(await desk.trades(await desk.token_key(mint), page.cursor, page.limit))

    @app.get("/v1/tokens/{mint}/candles", responses=responses(views.CandlePage))
    async def candles(mint: Mint, query: Annotated[p.CandlesParameters, Query()]) -> Response:
        """Bars, oldest first, ghost prints left out."""
        key = await desk.token_key(mint)
        return answer(await desk.candles(key, query.interval, query.end_s, query.limit))

    @app.get("/v1/tokens/{mint}/holders", responses=responses(views.HolderPage))
    async def holders(mint: Mint, query: Annotated[p.HoldersParameters, Query()]) -> Response:
        """Balances as the trades seen so far imply them."""
        return answer(await desk.holders(await desk.token_key(mint), query.limit))

    @app.get("/v1/tokens/{mint}/metadata", responses=responses(views.MetadataView))
    async def metadata(mint: Mint, _: NothingElse) -> Response:
        """What the token's uri holds, fetched now unless it was before."""
        return answer(await desk.metadata(await desk.token_key(mint)))


def _journal_routes(app: FastAPI, desk: Desk) -> None:
    @app.get("/v1/transactions/{signature}", responses=responses(views.TransactionView))
    async def transaction(signature: Signature, _: NothingElse) -> Response:
        """Every journal record of a transaction: raw bytes, clocks, rows."""
        return answer(await desk.transaction(signature))

    @app.get("/v1/journal/{seq}", responses=responses(views.RecordView))
    async def record(seq: SeqNumber, _: NothingElse) -> Response:
        """One journal record."""
        return answer(await desk.record(seq))


def _stream(app: FastAPI, hub: Hub) -> None:
    @app.websocket("/v1/stream")
    async def stream(socket: WebSocket) -> None:
        """Frames of core/views.py; see docs/stream.md."""
        await socket.accept()
        session = hub.join(socket.send_text)
        sender = asyncio.create_task(session.run())
        reader = asyncio.create_task(_read(socket, session.receive))
        try:
            await asyncio.wait((sender, reader), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sender.cancel()
            reader.cancel()
            ended, _ = await asyncio.gather(sender, reader, return_exceptions=True)
            await hub.leave(session)
        if isinstance(ended, Goodbye):
            await _close(socket, str(ended))


async def _read(socket: WebSocket, receive: Any) -> None:
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            await receive(text if text is not None else "x" * (MAX_REQUEST_BYTES + 1))
    except WebSocketDisconnect:
        return


async def _close(socket: WebSocket, reason: str) -> None:
    try:
        async with asyncio.timeout(1.0):
            await socket.close(TRY_AGAIN, reason[:120])
    except (TimeoutError, RuntimeError, WebSocketDisconnect):
        return


async def _changes(request: Request) -> dict[str, object]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "Send the changes as application/json.")
    try:
        changes = msgspec.json.decode(await request.body(), type=dict[str, str | float | bool | list[str]])
    except msgspec.MsgspecError as error:
        raise BadRequest(f"The body is not an object of setting names and values ({error}).") from error
    if not changes:
        raise BadRequest("The body names no setting.")
    # JSON has one kind of number: 7.0 is the integer 7.
    return {
        key: int(value) if isinstance(value, float) and value.is_integer() else value for key, value in changes.items()
    }


def _problems(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
        return problem("Parameter not understood", f"{where[:80]}: {first['msg']}.", 422)

    @app.exception_handler(BadRequest)
    async def bad(_: Request, error: BadRequest) -> Response:
        return problem("Request not understood", str(error), 400)

    @app.exception_handler(NoSuchThing)
    async def missing(_: Request, error: NoSuchThing) -> Response:
        return problem("Not found", str(error), 404)

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        answered = problem(error.detail, error.detail, error.status_code)
        answered.headers.update(error.headers or {})
        return answered


def _document(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document, with our answers' schemas in place of pydantic's error shapes."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas.update(components())
        app.openapi_schema = document
    return app.openapi_schema
