"""One signed message to one judged address: no proxies, no redirects, limits on time and size.

Signed as Standard Webhooks prescribes: `webhook-signature: v1,` and the base64 of HMAC-SHA256 over
`id.timestamp.body`, under the bytes that follow `whsec_` in the secret.
"""

import base64
import contextlib
import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.core.findings.notices.addresses import AddressRefused, Target, resolve

STEP_SECONDS = 5
WHOLE_SECONDS = 10
LARGEST_BODY = 64 * 1024
AGENT = "community-workforce-portal"


@dataclass(frozen=True)
class Posted:
    """What came of it: the status of the answer if there was one, and a sentence where it is no success."""

    status: int | None
    error: str = ""

    @property
    def ok(self) -> bool:
        return not self.error


def sign(secret: str, identifier: str, timestamp: int, body: str) -> str:
    """The signature header of a message."""
    key = base64.b64decode(secret.partition("_")[2])
    digest = hmac.digest(key, f"{identifier}.{timestamp}.{body}".encode(), hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def post(url: str, secret: str, identifier: str, timestamp: int, body: str) -> Posted:
    """Sends a message; never raises for anything that the network or the other side does."""
    if len(body.encode()) > LARGEST_BODY:
        return Posted(None, _("内容超过 64 KB，没有发送。"))
    try:
        target = resolve(url)
    except AddressRefused as refused:
        return Posted(None, str(refused))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": AGENT,
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, identifier, timestamp, body),
    }
    try:
        status = _exchange(target, body.encode(), headers)
    except TimeoutError:
        return Posted(None, _("对方没有在 %(seconds)s 秒内应答。") % {"seconds": WHOLE_SECONDS})
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Posted(None, _("没有连上：%(why)s。") % {"why": type(error).__name__})
    if 300 <= status < 400:
        return Posted(status, _("对方要求转到别的地址；推送不跟随跳转，请改用最终地址。"))
    return Posted(status, "" if 200 <= status < 300 else _("对方应答 %(status)s。") % {"status": status})


class _Connection(http.client.HTTPConnection):
    """Connects to the judged address, whatever the name says by now."""

    def __init__(self, target: Target):
        super().__init__(target.host, target.port, timeout=STEP_SECONDS)
        self.target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((self.target.address, self.target.port), STEP_SECONDS)
        if self.target.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host, do_handshake_on_connect=False)
            self.sock.do_handshake()


def _exchange(target: Target, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; its body is not read. A side that answers drop by drop is cut off."""
    connection = _Connection(target)
    late = threading.Event()

    def cut() -> None:
        late.set()
        with contextlib.suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE_SECONDS, cut)
    timer.start()
    try:
        connection.request("POST", target.path, body, headers)
        return connection.getresponse().status
    except Exception as error:
        if late.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        connection.close()
