import pytest
from django.urls import reverse

from portal.core.findings.models import Delivery, Webhook
from portal.core.findings.supervision import issue_supervision
from tests import factories
from tests import world as w
from tests.core.findings.makers import finding
from tests.core.findings.receiver import receiving
from tests.pages.reading import text_of

FORM = {"name": "市平台", "url": "https://hook.example.gov.cn/in", "territory": "", "kinds": ["staffing"]}


def made(client, **changes):
    return client.post(reverse("webhook_new"), FORM | changes)


def test_new_address_shows_its_secret_once(world, login):
    client = login(world.users.system_admin)
    response = made(client, territory="960101000000")
    hook = Webhook.objects.get()
    assert (hook.territory_id, hook.kinds, hook.active, hook.created_by) == (
        w.DISTRICT, ["staffing"], True, "system_admin",
    )  # fmt: skip
    assert str(hook.secret) in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    later = client.get(reverse("webhook", args=[hook.pk]))
    assert str(hook.secret) not in later.content.decode()
    renewed = client.post(reverse("webhook_renew", args=[hook.pk]))
    assert str(Webhook.objects.get().secret) in renewed.content.decode()
    assert Webhook.objects.get().secret != hook.secret


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url": "http://hook.example.gov.cn/"}, "只能使用 https 地址。"),
        ({"url": "https://user@hook.example.gov.cn/"}, "地址写法不对"),
        ({"territory": "955555"}, "没有这个区划代码。"),
        ({"name": ""}, "该字段是必填项。"),
        ({"kinds": ["nonsense"]}, "nonsense"),
    ],
)
def test_faulty_address_is_refused_with_a_sentence(world, login, changes, sentence):
    response = made(login(world.users.system_admin), **changes)
    assert (response.status_code, sentence in text_of(response), Webhook.objects.count()) == (422, True, 0)


def test_territory_outside_the_administrators_own_is_refused(world, login):
    local = factories.user("local_admin", ("system_admin", w.DISTRICT))
    assert "这个范围不在您的管理辖区内。" in text_of(made(login(local)))
    assert made(login(local), territory=w.STREET).status_code == 200
    assert login(local).get(reverse("webhook", args=[Webhook.objects.get().pk])).status_code == 200


def test_test_message_arrives_signed_and_is_in_the_log(world, login, settings):
    settings.WEBHOOK_HTTP, settings.WEBHOOK_NETWORKS = True, ["127.0.0.0/8"]
    client = login(world.users.system_admin)
    with receiving() as receiver:
        made(client, url=receiver.url)
        url = reverse("webhook_test", args=[Webhook.objects.get().pk])
        assert "测试消息已送达，对方应答 204。" in text_of(client.post(url, follow=True))
    assert [headers["webhook-signature"][:3] for headers, _body in receiver.got] == ["v1,"]
    assert Delivery.objects.get().state == "sent"


def test_test_message_to_the_own_network_goes_nowhere_and_says_so(world, login):
    client = login(world.users.system_admin)
    made(client, url="https://127.0.0.1/")
    text = text_of(client.post(reverse("webhook_test", args=[Webhook.objects.get().pk]), follow=True))
    assert "测试消息没有送达。主机 127.0.0.1 在内部或保留网段，不允许推送。" in text
    assert (Delivery.objects.get().state, Webhook.objects.get().failures) == ("failed", 0)


def test_pages_list_the_events_and_the_log_names_the_notice(world, login):
    client = login(world.users.system_admin)
    made(client, kinds=[])
    issue_supervision(findings=[finding(w.SPRING)], text="请核实", working_days=5, by=world.users.district)
    page = text_of(client.get(reverse("webhook", args=[Webhook.objects.get().pk])))
    assert f"督办单发出 960101 督〔{world.today.year}〕1号" in page
    for said in (page, text_of(client.get(reverse("webhooks")))):
        assert "过了回复期限还没有回复；每错过一个期限推送一次。" in said


def test_address_is_changed_and_switched(world, login):
    client = login(world.users.system_admin)
    made(client)
    hook = Webhook.objects.get()
    client.post(reverse("webhook", args=[hook.pk]), FORM | {"name": "区平台", "kinds": []})
    client.post(reverse("webhook_switch", args=[hook.pk]))
    hook.refresh_from_db()
    assert (hook.name, hook.kinds, hook.active) == ("区平台", [], False)
    assert "区平台" in text_of(client.get(reverse("webhooks")))


@pytest.mark.parametrize(("on", "words"), [(False, "没有设置 EMAIL_URL，不发邮件。"), (True, "每个工作日 7:30")])
def test_mail_that_is_off_says_so(world, login, settings, on, words):
    settings.MAIL_ON = on
    assert words in text_of(login(world.users.system_admin).get(reverse("webhooks")))


def test_everybody_chooses_for_themselves(world, login):
    client = login(world.users.street)
    url = reverse("my_notices")
    assert "本平台还没有接通邮件服务器" in text_of(client.get(url))
    client.post(url, {"email": "a@example.gov.cn"})
    world.users.street.refresh_from_db()
    assert (world.users.street.email, world.users.street.mail_digest) == ("a@example.gov.cn", False)
    assert client.post(url, {"email": "no address", "mail_digest": "on"}).status_code == 422
    client.post(url, {"email": "", "mail_digest": "on"})
    world.users.street.refresh_from_db()
    assert (world.users.street.email, world.users.street.mail_digest) == ("", True)
