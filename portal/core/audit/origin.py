"""Where the present act comes from: request id and address, carried from the request to history rows and logs."""

from contextvars import ContextVar

from portal.core.lib.logs import request_id

client_ip: ContextVar[str] = ContextVar("client_ip", default="")


def origin() -> dict[str, str]:
    return {"ip": client_ip.get(), "request_id": request_id.get()}
