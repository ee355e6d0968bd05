"""Where a webhook may lead: every way into the own network that people have thought of."""

import ipaddress
import socket

import pytest

from portal.core.findings.notices.addresses import AddressRefused, check_url, permitted, resolve

INSIDE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "169.254.0.1", "100.64.0.1", "100.100.100.200", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:7f00:1::", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
]  # fmt: skip
OUTSIDE = [
    "1.1.1.1",
    "8.8.8.8",
    "172.32.0.1",
    "223.5.5.5",
    "2606:4700:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
]


@pytest.mark.parametrize("text", INSIDE)
def test_inner_addresses_are_refused(text):
    assert not permitted(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_public_addresses_are_permitted(text):
    assert permitted(ipaddress.ip_address(text))


def test_operator_opens_networks_by_name():
    inner = ipaddress.ip_address("10.20.3.4")
    assert permitted(inner, ["10.20.0.0/16"])
    assert permitted(ipaddress.ip_address("::ffff:10.20.3.4"), ["10.20.0.0/16"])
    assert not permitted(ipaddress.ip_address("10.21.0.1"), ["10.20.0.0/16", "fd00::/8"])


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/",
        "https://", "https:///x", "https://user@example.com/", "https://user:pw@example.com/", "https://example.com/#x",
        "https://example.com:99999/", "https://example.com:x/", "https://exa mple.com/", "https://example.com/\r\nX: y",
        "https://例子.测试/", "https://example.com\\@127.0.0.1/", "https://" + "a" * 500 + ".com/", "https://[::1", "",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(url):
    with pytest.raises(AddressRefused):
        check_url(url)


def test_http_only_where_configured(settings):
    settings.WEBHOOK_HTTP = True
    assert check_url("http://example.com") == (False, "example.com", 80, "/")
    assert check_url("https://example.com:8443/a?b=c") == (True, "example.com", 8443, "/a?b=c")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:7f00:1]", "0"]
)
def test_own_machine_is_refused_however_it_is_written(host):
    with pytest.raises(AddressRefused, match="在内部或保留网段|找不到主机"):
        resolve(f"https://{host}/hook")


def answers(*addresses: str):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]


def test_one_inner_address_among_several_is_enough(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answers("1.1.1.1", "10.0.0.1"))
    with pytest.raises(AddressRefused, match="主机 hook.example 在内部或保留网段"):
        resolve("https://hook.example/")


def test_name_is_looked_up_once_and_the_judged_address_kept(monkeypatch):
    asked = []
    replies = iter([answers("1.1.1.1"), answers("127.0.0.1")])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: asked.append(a) or next(replies))
    target = resolve("https://rebind.example/x")
    assert (target.address, target.host, len(asked)) == ("1.1.1.1", "rebind.example", 1)


@pytest.mark.parametrize("error", [socket.gaierror("x"), UnicodeError("x")])
def test_unknown_name_is_said(monkeypatch, error):
    def failing(*a, **k):
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", failing)
    with pytest.raises(AddressRefused, match="找不到主机 nowhere.example。"):
        resolve("https://nowhere.example/")
