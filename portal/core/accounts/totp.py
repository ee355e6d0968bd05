"""One-time codes by the clock (RFC 6238), in the one form that every authenticator app knows: SHA-1, six digits, 30 s."""

import hmac
import time

import pyotp
import segno

DIGITS = 6
STEP_SECONDS = 30
DRIFT = 1  # steps that the clock of a telephone may be wrong, either way


def new_secret() -> str:
    """A random secret of 160 bits, in the letters and digits of base32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str) -> int | None:
    """The step that `code` belongs to, the present one or a neighbour; None for a code of none of them."""
    now, codes = int(time.time()) // STEP_SECONDS, pyotp.TOTP(secret)
    near = [step for step in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(codes.generate_otp(step), code)]
    return near[-1] if near else None


def code_at(secret: str, moment: float) -> str:
    """The code that an app shows at a moment, in seconds since 1970."""
    return pyotp.TOTP(secret).generate_otp(int(moment) // STEP_SECONDS)


def picture(secret: str, *, name: str, issuer: str) -> str:
    """The QR code for the app, as the address of a picture that is itself the picture."""
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)
    return segno.make_qr(address, error="l").svg_data_uri(scale=4, light="#fff")


def in_groups(text: str) -> str:
    """Groups of four, to be read out and typed."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
