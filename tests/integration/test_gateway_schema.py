"""The OpenAPI document and the node agree: schemathesis sends what it allows, and what it forbids, to a real node."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from requests.adapters import HTTPAdapter
from schemathesis import GenerationMode
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from fluxdesk.gateway.app import make_app
from fluxdesk.gateway.desk import Desk
from fluxdesk.gateway.hub import Hub
from fluxdesk.gateway.wallet_desk import Wallet
from integration.nodes import RunningNode, practice_node

EXAMPLES = 20
TOO_STRICT = {"PATCH /v1/settings": [schemathesis.checks.positive_data_acceptance]}
"""The document has the type of a setting; what an entry of a list may be (an endpoint, an address) is said in words, so
a text that fits the type may still be refused, by a `Problem` that the document has.
"""


class _SocketConnection(HTTPConnection):
    """An HTTP connection over a Unix socket."""

    path: str

    def connect(self) -> None:
        import socket

        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


class _SocketPool(HTTPConnectionPool):
    def __init__(self, path: str) -> None:
        super().__init__("node")
        self._path = path

    def _new_conn(self) -> _SocketConnection:
        connection = _SocketConnection("node")
        connection.path = self._path
        return connection


class _SocketAdapter(HTTPAdapter):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._pool = _SocketPool(path)

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        return self._pool


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    """A practice node that goes on trading."""
    with practice_node(13) as started:
        yield started


@pytest.fixture(scope="module")
def session(node: RunningNode) -> requests.Session:
    """Requests to its socket."""
    made = requests.Session()
    made.mount("http://", _SocketAdapter(str(node.socket)))
    return made


def _document() -> dict[str, Any]:
    """The document of the application; making it asks nothing of a node."""
    return make_app(cast(Desk, None), cast(Hub, None), cast(Wallet, None)).openapi()


# The end of the node would end the test, so that one operation is tested elsewhere.
_schema = schemathesis.openapi.from_dict(_document()).exclude(path="/v1/node/shutdown")
# A request that is turned away for its length, before it is read, is turned away.
_schema.config.checks.negative_data_rejection.expected_statuses += ["413", "414"]
OPERATIONS = {found.ok().label: found.ok() for found in _schema.get_all_operations()}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_in_the_document(label: str, mode: GenerationMode, session: requests.Session) -> None:
    operation = OPERATIONS[label]

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            # Opaque: only the node can make one that it accepts (test_gateway_rest.py follows them).
            case.query.pop("cursor", None)
        reply = case.call(base_url="http://node", session=session, timeout=60)  # of a machine that has other work
        case.validate_response(reply, excluded_checks=TOO_STRICT.get(label, []))

    try:
        check()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "an operation with nothing to get wrong"


def test_the_node_serves_that_document(session: requests.Session) -> None:
    assert session.get("http://node/v1/openapi.json").json() == json.loads(json.dumps(_document()))


def test_the_document_names_every_answer_and_every_error(session: requests.Session) -> None:
    found = session.get("http://node/v1/openapi.json").json()
    for path, operations in found["paths"].items():
        for operation in operations.values():
            ok = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
            assert ok.rpartition("/")[2] in found["components"]["schemas"], path
            assert "application/problem+json" in operation["responses"]["422"]["content"], path
    assert "HTTPValidationError" not in found["components"]["schemas"]
