"""Fetching metadata from a real HTTP server, and what the strict address rule does to servers that are not public."""

import base64
import gzip
import io
import ipaddress
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from fluxdesk.core.settings import Settings
from fluxdesk.core.views import MetadataView
from fluxdesk.launches.metadata.addresses import AddressPolicy
from fluxdesk.launches.metadata.download import download
from fluxdesk.launches.metadata.errors import NotFetched
from fluxdesk.launches.metadata.fetcher import DOCUMENT, MetadataFetcher
from fluxdesk.launches.metadata.uris import parse_web
from integration.web import Answer, Web, drip, endless, page, redirect

LOOPBACK = AddressPolicy(ports=frozenset(), also=(ipaddress.ip_network("127.0.0.1/32"),))
CID = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"


def png(size: int = 256) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size), "navy").save(out, "PNG")
    return out.getvalue()


Serve = Callable[..., Web]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a web server with pages; `$WEB` in their JSON becomes its address."""
    open_servers: list[Web] = []

    def start(**pages: Answer | dict[str, object]) -> Web:
        made: dict[str, Answer] = {}
        web = Web(made)
        for name, what in pages.items():
            body = what if callable(what) else page(json.dumps(what).replace("$WEB", web.url("")).encode())
            made[f"/{name}"] = body
        open_servers.append(web.__enter__())
        return web

    yield start
    for web in open_servers:
        web.__exit__(None, None, None)


async def fetch(tmp_path: Path, uri: str, policy: AddressPolicy = LOOPBACK, **changed: object) -> MetadataView:
    return await MetadataFetcher(tmp_path, policy).fetch("Mint", uri, Settings(changed))


async def test_description_links_and_a_small_picture_come_back(serve: Serve, tmp_path: Path) -> None:
    web = serve(
        meta={"description": "About", "twitter": "https://x.com/a", "website": "javascript:x", "image": "$WEB/logo"},
        logo=page(png(), "image/png"),
    )
    view = await fetch(tmp_path, web.url("/meta"))
    assert (view.state, view.message, view.description) == ("ok", "", "About")
    assert (view.twitter, view.website) == ("https://x.com/a", None)
    with Image.open(io.BytesIO(base64.b64decode(view.image_png_b64))) as image:
        assert (image.format, image.size) == ("PNG", (128, 128))


async def test_the_request_carries_nothing_about_the_user(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    web = serve(
        first=page(b"", None, 302, Location="/meta", Set_Cookie="id=1"), meta={"description": "x", "image": "$WEB/meta"}
    )
    assert (await fetch(tmp_path, web.url("/first"))).state == "ok"
    paths, headers = zip(*web.asked, strict=True)
    assert paths[:2] == ("/first", "/meta")
    assert set(headers[1]) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert headers[1]["user-agent"] == "Fluxdesk"


async def test_turned_off_it_asks_nobody(serve: Serve, tmp_path: Path) -> None:
    web = serve(meta={"description": "x"})
    view = await fetch(tmp_path, web.url("/meta"), metadata_fetch=False)
    assert view.state == "off"
    assert web.asked == []


async def test_a_token_without_an_address_has_none(tmp_path: Path) -> None:
    assert (await MetadataFetcher(tmp_path).fetch("Mint", None, Settings({}))).state == "none"


async def test_a_practice_token_has_nothing_to_fetch(tmp_path: Path) -> None:
    view = await fetch(tmp_path, "practice:metadata/3vdpGgprac")
    assert (view.state, "practice" in view.message) == ("none", True)


async def test_the_second_time_it_comes_from_the_cache(serve: Serve, tmp_path: Path) -> None:
    web = serve(meta={"description": "x", "image": "$WEB/logo"}, logo=page(png(), "image/png"))
    first = await fetch(tmp_path, web.url("/meta"))
    asked = len(web.asked)
    assert await fetch(tmp_path, web.url("/meta")) == first
    assert len(web.asked) == asked


async def test_ipfs_gateways_are_tried_in_order(serve: Serve, tmp_path: Path) -> None:
    web = serve(**{f"good/{CID}": {"description": "from ipfs"}})
    gateways = (web.url("/bad/"), web.url("/good"))
    view = await fetch(tmp_path, f"ipfs://{CID}", ipfs_gateways=gateways)
    assert view.description == "from ipfs"
    assert [path for path, _ in web.asked] == [f"/bad/{CID}", f"/good/{CID}"]


# --- limits ---


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (page(b"x" * 300_000), "blocked", "more than 256 kB"),
        (page(b"{}", Content_Length="99999999"), "blocked", "more than 256 kB"),
        (endless, "blocked", "more than 256 kB"),
        (page(b"<html>", "text/html"), "blocked", "sends text/html, not a JSON document"),
        (page(b"{}", Content_Length=str(10 << 30)), "blocked", "more than 256 kB"),
        (page(gzip.compress(bytes(10 << 20)), Content_Encoding="gzip"), "blocked", "compressed"),
        (page(gzip.compress(bytes(10 << 20))), "failed", "not JSON"),
        (redirect("http://169.254.169.254/latest/meta-data"), "blocked", "private or reserved"),
        (redirect("http://[::1]/"), "blocked", "private or reserved"),
        (redirect("http://2130706434/"), "blocked", "private or reserved"),
        (redirect("http://017700000002/"), "blocked", "private or reserved"),
        (redirect("//127.0.0.2/"), "blocked", "private or reserved"),
        (redirect("gopher://127.0.0.1/"), "blocked", "Only http"),
        (redirect("http://user:word@example.org/"), "blocked", "user name"),
        (page(b"{}", Content_Encoding="gzip"), "blocked", "compressed"),
        (page(b"{", Content_Length="50"), "failed", "failed"),
        (page(b"nothing", status=500), "failed", "HTTP 500"),
        (page(b"no json"), "failed", "not JSON"),
        (page(b"", None, 302), "failed", "without saying where"),
        (redirect("file:///etc/passwd"), "blocked", "Only http"),
        (redirect("/meta"), "blocked", "leads on more than 3 times"),
    ],
)
async def test_an_answer_outside_the_limits_is_refused_and_said(
    serve: Serve, tmp_path: Path, answer: Answer, state: str, words: str
) -> None:
    view = await fetch(tmp_path, serve(meta=answer).url("/meta"))
    assert view.state == state
    assert words in view.message


async def test_a_body_that_drips_is_given_up_at_the_total_time_limit(serve: Serve) -> None:
    with pytest.raises(NotFetched, match="did not answer within"):
        await download(parse_web(serve(meta=drip).url("/meta")), DOCUMENT, 0.4, LOOPBACK)


async def test_a_document_stands_although_its_picture_is_refused(serve: Serve, tmp_path: Path) -> None:
    web = serve(
        meta={"description": "x", "image": "$WEB/logo"}, logo=page(b"<svg onload='x()'/>", "application/octet-stream")
    )
    view = await fetch(tmp_path, web.url("/meta"))
    assert (view.state, view.description, view.image_png_b64) == ("ok", "x", None)
    assert "SVG" in view.message


async def test_a_picture_of_another_media_type_is_not_even_read(serve: Serve, tmp_path: Path) -> None:
    web = serve(meta={"image": "$WEB/logo"}, logo=page(b"<svg/>", "image/svg+xml"))
    assert "sends image/svg+xml" in (await fetch(tmp_path, web.url("/meta"))).message


# --- the strict rule ---


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "127.1"),
        *("2130706433", "0x7f000001", "0177.0.0.1", "169.254.169.254", "10.0.0.7", "192.168.0.1", "100.64.1.1"),
        *("[64:ff9b::7f00:1]", "[fd00:ec2::254]", "[fe80::1]", "127.0.0.1.", "①②⑦.0.0.1"),
    ],
)
async def test_no_notation_of_a_private_address_is_reached(serve: Serve, tmp_path: Path, host: str) -> None:
    web = serve(meta={"description": "inside"})
    policy = AddressPolicy(ports=frozenset())
    view = await fetch(tmp_path, f"http://{host}:{web.port}/meta", policy)
    assert view.state in ("blocked", "failed")
    assert view.state == "blocked" or "not known" in view.message, "a resolver may not know odd notations"
    assert web.asked == []


async def test_the_default_rule_is_the_strict_one(serve: Serve, tmp_path: Path) -> None:
    web = serve(meta={"description": "inside"})
    view = await MetadataFetcher(tmp_path).fetch("Mint", web.url("/meta"), Settings({}))
    assert view.state == "blocked"
    assert "not a web port" in view.message
    view = await MetadataFetcher(tmp_path).fetch("Mint", "http://127.0.0.1/meta", Settings({}))
    assert "private or reserved" in view.message
    assert web.asked == []


async def test_a_redirect_into_the_private_network_is_not_followed(serve: Serve, tmp_path: Path) -> None:
    inside = serve(secret={"description": "inside"})
    outside = serve(meta=redirect(inside.url("/secret").replace("127.0.0.1", "127.0.0.2")))
    view = await fetch(tmp_path, outside.url("/meta"))
    assert (view.state, inside.asked) == ("blocked", [])
    assert "127.0.0.2 is not asked" in view.message


@pytest.fixture
def resolver_standin(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """A stand-in for DNS: name -> the answers to give, one a question. Other names go to the real resolver."""
    answers: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *args: object, **options: object) -> list[object]:
        if host not in answers:
            return real(host, port, *args, **options)
        found = answers[host].pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return answers


async def test_a_name_that_resolves_to_a_private_address_is_not_reached(
    tmp_path: Path, resolver_standin: dict[str, list[list[str]]]
) -> None:
    resolver_standin["inside.example"] = [["10.1.2.3"], ["8.8.8.8", "10.1.2.3"]]
    for _ in range(2):
        view = await MetadataFetcher(tmp_path).fetch("Mint", "https://inside.example/meta", Settings({}))
        assert (view.state, "private" in view.message) == ("blocked", True)
    assert resolver_standin["inside.example"] == []


async def test_a_name_that_changes_its_address_between_check_and_use_gains_nothing(
    serve: Serve, resolver_standin: dict[str, list[list[str]]]
) -> None:
    """One question only: what was checked is connected to, so the second answer is never used."""
    web = serve(meta={"description": "checked"})
    resolver_standin["rebinding.example"] = [["127.0.0.1"], ["127.0.0.3"]]
    body = await download(parse_web(f"http://rebinding.example:{web.port}/meta"), DOCUMENT, 5, LOOPBACK)
    assert b"checked" in body
    assert web.asked[0][1]["host"] == f"rebinding.example:{web.port}"
    assert resolver_standin["rebinding.example"] == [["127.0.0.3"]]
