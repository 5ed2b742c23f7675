"""Routes of the wallet's node side: bodies are checked against their structs before anything is asked of the node."""

from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import FastAPI, Path, Query, Request
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from fluxdesk.core import wallet_views as w
from fluxdesk.gateway.desk import BadRequest
from fluxdesk.gateway.parameters import Cursor, NoParameters, Strict
from fluxdesk.gateway.schema import answer, body_of, problem, responses
from fluxdesk.gateway.wallet_desk import ChainAway, NotPossible, Wallet

T = TypeVar("T", bound=msgspec.Struct)
_ADDRESS = r"^(0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44})$"
Chain = Annotated[str, Path(pattern=r"^(eip155|solana):[A-Za-z0-9]{1,32}$", max_length=40)]
Send = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,80}$", max_length=80)]
Tx = Annotated[str, Path(pattern=r"^(0x[0-9a-fA-F]{64}|[1-9A-HJ-NP-Za-km-z]{64,90})$", max_length=90)]
Account = Annotated[str, Path(pattern=_ADDRESS, max_length=44)]
NothingElse = Annotated[NoParameters, Query()]
_Address = Annotated[str, Field(pattern=_ADDRESS, max_length=44)]


class BalancesParameters(Strict):
    """Whose, and on EVM of which tokens beside the coin; a Solana account's tokens are all of them."""

    account: Annotated[list[_Address], Field(min_length=1, max_length=20)]
    token: Annotated[list[_Address], Field(max_length=40, default_factory=list)]


class TablesParameters(Strict):
    """Which tables."""

    table: Annotated[list[_Address], Field(min_length=1, max_length=16)]


class SendsParameters(Strict):
    """How many."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50


class HistoryParameters(Strict):
    """Where to go on, and how many."""

    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


def wallet_routes(app: FastAPI, wallet: Wallet) -> None:
    """Adds them."""
    _reads(app, wallet)
    _orders(app, wallet)
    _payments(app, wallet)

    @app.exception_handler(ChainAway)
    async def away(_: Request, error: ChainAway) -> Response:
        return problem("The chain cannot be reached", str(error), 503)

    @app.exception_handler(NotPossible)
    async def impossible(_: Request, error: NotPossible) -> Response:
        return problem("Not possible", str(error), 409)


def _reads(app: FastAPI, wallet: Wallet) -> None:
    @app.get("/v1/chains", responses=responses(w.ChainsView))
    async def chains(_: NothingElse) -> Response:
        """The chains of this profile; nobody is asked for it."""
        return answer(await wallet.chains())

    @app.get("/v1/chains/{chain}", responses=responses(w.ChainView, 503))
    async def chain(chain: Chain, _: NothingElse) -> Response:
        """One chain, each of its endpoints asked now."""
        return answer(await wallet.chain(chain))

    @app.get("/v1/chains/{chain}/balances", responses=responses(w.BalancesView, 503))
    async def balances(chain: Chain, query: Annotated[BalancesParameters, Query()]) -> Response:
        """What accounts hold."""
        return answer(await wallet.balances(chain, query.account, query.token))

    @app.get("/v1/chains/{chain}/fees", responses=responses(w.FeesView, 409, 503))
    async def fees(chain: Chain, _: NothingElse) -> Response:
        """What to offer for each speed."""
        return answer(await wallet.fees(chain))

    @app.get("/v1/chains/{chain}/accounts/{account}/history", responses=responses(w.HistoryView, 409, 503))
    async def history(chain: Chain, account: Account, query: Annotated[HistoryParameters, Query()]) -> Response:
        """Transactions of an account, newest first."""
        return answer(await wallet.history(chain, account, query.cursor, query.limit))

    @app.get("/v1/chains/{chain}/accounts/{account}/allowances", responses=responses(w.AllowancesView, 409, 503))
    async def allowances(chain: Chain, account: Account, _: NothingElse) -> Response:
        """What others may take from an account: spenders and operators (EVM), delegates (Solana)."""
        return answer(await wallet.allowances(chain, account))

    @app.get("/v1/chains/{chain}/accounts/{account}/nonces", responses=responses(w.NoncesView, 409, 503))
    async def nonces(chain: Chain, account: Account, _: NothingElse) -> Response:
        """Durable nonce accounts of a Solana account."""
        return answer(await wallet.nonces(chain, account))

    @app.get("/v1/chains/{chain}/transactions/{tx}", responses=responses(w.TxView, 409, 503))
    async def transaction(chain: Chain, tx: Tx, _: NothingElse) -> Response:
        """A transaction with its bytes, as far as an endpoint has them."""
        return answer(await wallet.transaction(chain, tx))

    @app.get("/v1/chains/{chain}/tables", responses=responses(w.TablesView, 409, 503))
    async def tables(chain: Chain, query: Annotated[TablesParameters, Query()]) -> Response:
        """The addresses in lookup tables."""
        return answer(await wallet.tables(chain, query.table))

    @app.post("/v1/endpoints", responses=responses(w.EndpointView, 409, 415), openapi_extra=_body(w.EndpointAsked))
    async def endpoint(request: Request, _: NothingElse) -> Response:
        """Asks an endpoint for its chain and its head; nothing is kept."""
        return answer(await wallet.test_endpoint(await _read(request, w.EndpointAsked)))

    @app.get("/v1/sends/{send}", responses=responses(w.SendView, 503))
    async def send(send: Send, _: NothingElse) -> Response:
        """One payment or transaction."""
        return answer(await wallet.send(send))

    @app.get("/v1/sends", responses=responses(w.SendsView))
    async def sends(query: Annotated[SendsParameters, Query()]) -> Response:
        """Payments that were ordered here and transactions that were broadcast, newest first."""
        return answer(await wallet.sends(query.limit))

    @app.post("/v1/chains/{chain}/rpc", responses=responses(w.RpcView, 409, 415, 503), openapi_extra=_body(w.RpcAsked))
    async def rpc(chain: Chain, request: Request, _: NothingElse) -> Response:
        """A read by the list of docs/protocol.md, or the broadcast of signed bytes."""
        return answer(await wallet.rpc(chain, await _read(request, w.RpcAsked)))


def _orders(app: FastAPI, wallet: Wallet) -> None:
    @app.post(
        "/v1/chains/{chain}/plans",
        responses=responses(w.PlanView, 409, 415, 503),
        openapi_extra=_body(w.OrderAsked),
    )
    async def plan(chain: Chain, request: Request, _: NothingElse) -> Response:
        """What an order would come to: its unsigned transactions and their whole cost; nothing is kept."""
        return answer(await wallet.plan(chain, await _read(request, w.OrderAsked)))

    @app.post(
        "/v1/chains/{chain}/orders",
        responses=responses(w.SendsView, 409, 415, 503),
        openapi_extra=_body(w.OrderAsked),
    )
    async def order(chain: Chain, request: Request, _: NothingElse) -> Response:
        """Has the node make it, the agent sign it, and follows it; the same ids twice are one order."""
        return answer(await wallet.order(chain, await _read(request, w.OrderAsked)))

    @app.post(
        "/v1/sends/{send}/cancel", responses=responses(w.SendView, 409, 415, 503), openapi_extra=_body(w.NothingAsked)
    )
    async def cancel(send: Send, request: Request, _: NothingElse) -> Response:
        """Takes one back: at once while nothing is signed, else by a transaction in its place."""
        await _read(request, w.NothingAsked)
        return answer(await wallet.cancel(send))

    @app.post(
        "/v1/sends/{send}/speed-up", responses=responses(w.SendView, 409, 415, 503), openapi_extra=_body(w.NothingAsked)
    )
    async def speed_up(send: Send, request: Request, _: NothingElse) -> Response:
        """Offers more for one that waits."""
        await _read(request, w.NothingAsked)
        return answer(await wallet.speed_up(send))


def _payments(app: FastAPI, wallet: Wallet) -> None:
    @app.post(
        "/v1/chains/{chain}/transfers",
        responses=responses(w.TransferView, 409, 415, 503),
        openapi_extra=_body(w.TransferAsked),
    )
    async def transfer(chain: Chain, request: Request, _: NothingElse) -> Response:
        """Makes an unsigned transaction and says what it costs; nothing is sent."""
        return answer(await wallet.transfer(chain, await _read(request, w.TransferAsked)))

    @app.post(
        "/v1/chains/{chain}/simulations",
        responses=responses(w.SimulationView, 409, 415, 503),
        openapi_extra=_body(w.SimulationAsked),
    )
    async def simulate(chain: Chain, request: Request, _: NothingElse) -> Response:
        """What unsigned bytes would do, tried out on the user's endpoint; nothing is sent."""
        return answer(await wallet.simulate(chain, await _read(request, w.SimulationAsked)))

    @app.post(
        "/v1/chains/{chain}/broadcasts",
        responses=responses(w.SendView, 409, 415, 503),
        openapi_extra=_body(w.BroadcastAsked),
    )
    async def broadcast(chain: Chain, request: Request, _: NothingElse) -> Response:
        """Gives signed bytes to the chain and follows them; the same id twice is one transaction."""
        return answer(await wallet.broadcast(chain, await _read(request, w.BroadcastAsked)))

    @app.post(
        "/v1/chains/{chain}/funds",
        responses=responses(w.BalancesView, 409, 415, 503),
        openapi_extra=_body(w.FundsAsked),
    )
    async def fund(chain: Chain, request: Request, _: NothingElse) -> Response:
        """Fills an account on a practice chain."""
        return answer(await wallet.fund(chain, (await _read(request, w.FundsAsked)).account))


def _body(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"requestBody": body_of(kind)}


async def _read(request: Request, kind: type[T]) -> T:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "Send the body as application/json.")
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest(f"The body does not fit ({error}).") from error
