"""Where a name leads: only addresses out in the open, unless the operator named the host."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

from bot.domain.refusal import Refused

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""From a host and port to the addresses of it."""

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Place:
    """A host and the one address of it that was looked at and will be spoken to, whatever its name says later."""

    scheme: str
    host: str
    port: int
    address: Address

    @property
    def name(self) -> str:
        """As the operator names it."""
        return f"{self.host}:{self.port}"


async def look_up(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


async def place_of(url: str, inside: Collection[str], resolve: Resolve = look_up) -> Place:
    """The place a URL leads to; refused when any address of its host is not public.

    `inside` are the hosts with ports (`erp.corp:443`) that the operator allows although they are not.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    addresses = await _addresses(host, port, resolve)
    named = f"{host}:{port}" in inside
    if not all(_is_public(one) or (named and _may_be_named(one)) for one in addresses):
        raise Refused("{host} lies inside a network. The operator has to name it before I go there.", host=host)
    if parts.scheme != "https" and not all(one.is_loopback for one in addresses):
        raise Refused("Without https anybody on the way could change the values. Please use https.")
    return Place(parts.scheme, host, port, addresses[0])


async def _addresses(host: str, port: int, resolve: Resolve) -> list[Address]:
    try:
        found = [ipaddress.ip_address(each.partition("%")[0]) for each in await resolve(host, port)]
    except (OSError, UnicodeError, ValueError):
        found = []
    if not found:
        raise Refused("There is no host named {host}.", host=host)
    return [_plain(one) for one in found]


def _plain(address: Address) -> Address:
    """An IPv4 address that is dressed as IPv6 is looked at as what it is."""
    return (address.version == 6 and address.ipv4_mapped) or address


def _is_public(address: Address) -> bool:
    hidden = address.version == 6 and (address not in _UNICAST or address.sixtofour or address.teredo)
    return address.is_global and not address.is_multicast and not hidden


def _may_be_named(address: Address) -> bool:
    """Link-local addresses hold the keys of cloud machines: nobody can allow them."""
    return (address.is_private or address.is_loopback) and not address.is_link_local and not address.is_unspecified


_UNICAST = ipaddress.ip_network("2000::/3")
"""What IANA gives out. The rest is translated into other addresses, local to a site, or nobody's."""
