"""Which network addresses a fetch on behalf of a token may reach: public ones only, decided on the resolved address.

A token's creator chooses the host name and its DNS. The rule therefore looks at the address that is about to be
connected to, never at the name, and the connection is made to exactly that address."""

import ipaddress
from dataclasses import dataclass

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOT_PUBLIC = tuple(
    ipaddress.ip_network(block)
    for block in (
        # IANA IPv4 special-purpose registry, and what `is_global` of older Pythons lets through
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # IPv6: everything but global unicast, and what embeds an IPv4 address inside it: 6to4, Teredo
        *("::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        # Azure's host services answer on a public-looking address
        "168.63.129.16/32",
    )
)


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What may be connected to. The default allows public addresses on the two web ports.

    Attributes:
        ports: Allowed ports; empty = all.
        also: Networks allowed besides public ones. Only tests name any: their servers are on loopback.
    """

    ports: frozenset[int] = frozenset({80, 443})
    also: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    def refuses(self, address: IpAddress, port: int) -> str | None:
        """In words, why this address must not be reached; None when it may be."""
        if self.ports and port not in self.ports:
            return f"port {port} is not a web port"
        if any(address in network for network in self.also):
            return None
        if any(address in network for network in _NOT_PUBLIC) or not address.is_global or address.is_multicast:
            return "it leads to a private or reserved network address"
        return None


STRICT = AddressPolicy()
