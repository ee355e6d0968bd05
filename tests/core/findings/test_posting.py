"""Messages on the wire: signature, limits, redirects, what counts as arrived."""

import base64
import hashlib
import hmac
import time

import pytest

from portal.core.findings.models import Webhook
from portal.core.findings.notices import posting
from portal.core.findings.notices.posting import post, sign
from tests.core.findings.receiver import dripping, receiving

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
def opened(settings):
    """This machine as a receiver, which the operator has opened."""
    settings.WEBHOOK_HTTP, settings.WEBHOOK_NETWORKS = True, ["127.0.0.0/8"]
    return settings


def test_message_carries_a_signature_that_another_implementation_confirms(opened):
    with receiving() as receiver:
        assert post(receiver.url, SECRET, "msg_7", 1_700_000_000, '{"类": 1}').ok
    (headers, body) = receiver.got[0]
    key = hashlib.sha256  # the receiver's own way to the same value
    signed = b".".join([b"msg_7", b"1700000000", body.encode()])
    expected = base64.b64encode(hmac.new(b"k" * 32, signed, key).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_7", "1700000000")
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert body == '{"类": 1}'


def test_signature_of_the_published_example():
    # The example of the Standard Webhooks specification.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}') == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_secrets_have_256_bits_and_differ():
    one, other = Webhook.new_secret(), Webhook.new_secret()
    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32


def test_loopback_hears_nothing_unless_opened(settings):
    settings.WEBHOOK_HTTP = True
    with receiving() as receiver:
        posted = post(receiver.url, SECRET, "m", 1, "{}")
    assert (posted.ok, posted.status, receiver.got) == (False, None, [])
    assert "在内部或保留网段" in posted.error


def test_redirect_is_not_followed(opened):
    with receiving() as inner, receiving(302, location=inner.url) as outer:
        posted = post(outer.url, SECRET, "m", 1, "{}")
        assert (posted.status, posted.ok, len(outer.got), inner.got) == (302, False, 1, [])
    assert "不跟随跳转" in posted.error


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_anything_but_success_is_a_failure(opened, status):
    with receiving(status) as receiver:
        posted = post(receiver.url, SECRET, "m", 1, "{}")
    assert (posted.ok, posted.status, posted.error) == (False, status, f"对方应答 {status}。")


def test_nobody_there_is_said(opened):
    with receiving() as receiver:
        url = receiver.url
    assert post(url, SECRET, "m", 1, "{}").error == "没有连上：ConnectionRefusedError。"


def test_https_to_a_plain_server_fails_without_a_message(opened):
    with receiving() as receiver:
        posted = post(receiver.url.replace("http:", "https:"), SECRET, "m", 1, "{}")
    assert (posted.ok, receiver.got) == (False, [])


def test_side_that_answers_drop_by_drop_is_cut_off(opened, monkeypatch):
    monkeypatch.setattr(posting, "WHOLE_SECONDS", 0.5)
    begun = time.monotonic()
    with dripping() as url:
        posted = post(url, SECRET, "m", 1, "{}")
    assert posted.error == "对方没有在 0.5 秒内应答。"
    assert time.monotonic() - begun < 30  # it would drip for ever


def test_too_large_a_message_is_not_sent(opened):
    with receiving() as receiver:
        assert "64 KB" in post(receiver.url, SECRET, "m", 1, "x" * 70_000).error
    assert receiver.got == []


def test_proxies_of_the_environment_are_not_used(opened, monkeypatch):
    with receiving() as proxy, receiving() as receiver:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert post(receiver.url, SECRET, "m", 1, "{}").ok
        assert (len(receiver.got), proxy.got) == (1, [])
