"""Which web addresses a token's `uri` stands for."""

import pytest

from fluxdesk.launches.metadata.errors import NotAllowed
from fluxdesk.launches.metadata.uris import never_changes, parse_web, redirected, to_try

CID = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"
GATEWAYS = ("https://one.example/ipfs/", "https://two.example/ipfs")


def test_an_ipfs_address_is_tried_at_every_gateway_in_order() -> None:
    for uri in (f"ipfs://{CID}/meta.json", f"ipfs://ipfs/{CID}/meta.json", f"  IPFS://{CID}/meta.json"):
        assert [str(a) for a in to_try(uri, GATEWAYS)] == [
            f"https://one.example/ipfs/{CID}/meta.json",
            f"https://two.example/ipfs/{CID}/meta.json",
        ]


def test_an_arweave_address_goes_to_its_gateway() -> None:
    txid = "x" * 43
    assert [str(a) for a in to_try(f"ar://{txid}", ())] == [f"https://arweave.net/{txid}"]


def test_a_web_address_is_taken_as_it_is_without_its_fragment() -> None:
    (address,) = to_try("https://Meta.Example:8443/a b?x=ü#frag".replace(" ", "%20"), ())
    assert str(address) == "https://meta.example:8443/a%20b?x=%C3%BC"
    assert (address.host, address.port) == ("meta.example", 8443)


@pytest.mark.parametrize(
    "uri",
    [
        *(
            "ftp://a.example/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/plain,x",
            "gopher://a/1",
            "//a/b",
        ),
        *("https://user:pw@a.example/", "https://user@a.example/", "https:///x", "https://", "http://a.example:99999/"),
        *("https://a.example/\r\nHost: b", "https://a.example/\u202egnp", "https://a\\b.example/", "https://a b/"),
        *(
            "ipfs://../../etc",
            f"ipfs://{CID}/../x",
            "ipfs://",
            "ar://short",
            f"ar://{'x' * 43}/../a",
            "http://[fe80::1%25lo]/",
        ),
        "https://a.example/" + "x" * 3000,
    ],
)
def test_anything_else_is_not_fetched(uri: str) -> None:
    with pytest.raises(NotAllowed):
        to_try(uri, GATEWAYS)


def test_without_a_gateway_ipfs_is_said_to_be_unreachable() -> None:
    with pytest.raises(NotAllowed, match="no IPFS gateway"):
        to_try(f"ipfs://{CID}", ())


def test_only_addresses_that_name_their_content_never_change() -> None:
    assert never_changes(f"ipfs://{CID}")
    assert never_changes("ar://" + "x" * 43)
    assert not never_changes(f"https://ipfs.example/ipfs/{CID}")


def test_the_host_header_names_the_port_only_where_it_is_unusual() -> None:
    assert parse_web("https://a.example:443/").authority == "a.example"
    assert parse_web("http://a.example:443/").authority == "a.example:443"
    assert parse_web("http://[2606:4700::1]:8080/").authority == "[2606:4700::1]:8080"


def test_a_redirect_may_be_relative_and_may_not_leave_https() -> None:
    here = parse_web("https://a.example/x/y")
    assert str(redirected(here, "../z?q=1")) == "https://a.example/z?q=1"
    assert str(redirected(here, "//b.example/")) == "https://b.example/"
    with pytest.raises(NotAllowed, match="from https to http"):
        redirected(here, "http://a.example/")
    with pytest.raises(NotAllowed):
        redirected(here, "https://u:p@a.example/")
