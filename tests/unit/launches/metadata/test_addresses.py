"""Only public addresses are reached, whatever the notation."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.launches.metadata.addresses import STRICT, AddressPolicy


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "198.18.0.1"),
        *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "203.0.113.7"),
        *("::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "fe80::1", "fec0::1"),
        *("fc00::1", "fd00:ec2::254", "ff02::1", "2002:7f00:1::", "2001:0:4136:e378::1", "2001:db8::1", "100::1"),
        *("5f00::1", "3fff::1"),
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert STRICT.refuses(ipaddress.ip_address(address), 443)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"]
)
def test_a_public_address_is_allowed_on_the_web_ports_and_no_other(address: str) -> None:
    assert STRICT.refuses(ipaddress.ip_address(address), 443) is None
    assert STRICT.refuses(ipaddress.ip_address(address), 80) is None
    assert STRICT.refuses(ipaddress.ip_address(address), 22)


@given(st.ip_addresses())
def test_nothing_the_standard_library_calls_private_is_ever_allowed(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert STRICT.refuses(address, 443)


def test_a_network_may_be_allowed_by_name_only() -> None:
    policy = AddressPolicy(ports=frozenset(), also=(ipaddress.ip_network("127.0.0.1/32"),))
    assert policy.refuses(ipaddress.ip_address("127.0.0.1"), 9) is None
    assert policy.refuses(ipaddress.ip_address("127.0.0.2"), 9)
