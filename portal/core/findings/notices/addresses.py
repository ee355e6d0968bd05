"""Where a webhook may lead: never into the office's own network, unless the operator opened a part of it.

The name is resolved once, every address it stands for is judged, and the connection goes to an address that was judged:
a name that changes its mind in between (DNS rebinding) leads nowhere (OWASP ASVS 1.3.6, 15.3.2).
"""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_URL = 500
# What Python does not count as special, and the prefixes that carry an IPv4 address within an IPv6 one.
_NEVER = [
    ipaddress.ip_network(text) for text in ("100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "fec0::/10", "::/96")
]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(ValueError):
    """An address that a webhook may not lead to; the sentence tells the administrator why."""


@dataclass(frozen=True)
class Target:
    """A judged destination: connect to `address`, and ask it for `host`."""

    secure: bool
    host: str
    port: int
    path: str
    address: str


def check_url(url: str) -> tuple[bool, str, int, str]:
    """Whether it is https, host, port and path with query. Raises AddressRefused for anything but a plain address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused(_("地址写法不对，应像 https://example.gov.cn/hook 这样。")) from None
    allowed = {"https", "http"} if settings.WEBHOOK_HTTP else {"https"}
    if parts.scheme not in allowed:
        raise AddressRefused(_("只能使用 https 地址。"))
    if not parts.hostname or parts.username is not None or parts.fragment or len(url) > LONGEST_URL:
        raise AddressRefused(_("地址写法不对，应像 https://example.gov.cn/hook 这样。"))
    if not url.isascii() or any(sign <= " " or sign == "\\" for sign in url):
        raise AddressRefused(_("地址里只能有英文字母、数字和常用符号。"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme == "https", parts.hostname, port or (443 if parts.scheme == "https" else 80), path


def resolve(url: str) -> Target:
    """The judged destination of an address. Raises AddressRefused; the name is looked up exactly once."""
    secure, host, port, path = check_url(url)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(_("找不到主机 %(host)s。") % {"host": host}) from None
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    for address in addresses:
        if not permitted(address, settings.WEBHOOK_NETWORKS):
            raise AddressRefused(_("主机 %(host)s 在内部或保留网段，不允许推送。") % {"host": host})
    if not addresses:
        raise AddressRefused(_("找不到主机 %(host)s。") % {"host": host})
    return Target(secure, host, port, path, str(addresses[0]))


def permitted(address: Address, opened: Iterable[str] = ()) -> bool:
    """Whether a connection may go there: a public address, or one in a network that the operator opened."""
    inner = _inner(address)
    if any(one.version == network.version and one in network for one in inner for network in _networks(opened)):
        return True
    return all(_public(one) for one in inner)


def _inner(address: Address) -> list[Address]:
    """The address, or the IPv4 address that it carries."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return [address.ipv4_mapped]
        if address in _NAT64:
            return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
        if address.sixtofour:
            return [address, address.sixtofour]
        if address.teredo:
            return [address, *address.teredo]
    return [address]


def _public(address: Address) -> bool:
    special = any(address.version == network.version and address in network for network in _NEVER)
    return address.is_global and not (address.is_multicast or address.is_reserved or special)


def _networks(opened: Iterable[str]) -> list[Network]:
    return [ipaddress.ip_network(text) for text in opened]
