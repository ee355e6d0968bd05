from django.urls import reverse

from portal.core.accounts.models import ApiToken
from portal.core.accounts.tokens import create_token
from tests.pages.test_accounts import secret_on


def make(user, name="报表"):
    return create_token(user=user, name=name, scopes=["stats:read"], days=30, by=user)[0]


def test_token_is_made_and_shown_once(world, login):
    client = login(world.users.city)
    assert "还没有令牌" in client.get(reverse("tokens")).content.decode()
    response = client.post(reverse("token_new"), {"name": "市平台", "scopes": ["stats:read"], "days": 30})
    secret = secret_on(response)
    assert ApiToken.objects.get(digest=ApiToken.digest_of(secret)).name == "市平台"
    assert "no-store" in response["Cache-Control"]
    page = client.get(reverse("tokens")).content.decode()
    assert secret not in page
    assert secret[:12] in page


def test_only_usable_scopes_are_offered_and_accepted(world, login):
    client = login(world.users.community)
    assert "roster:write" not in client.get(reverse("token_new")).content.decode()
    response = client.post(reverse("token_new"), {"name": "x", "scopes": ["roster:write"], "days": 30})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["scopes"]


def test_term_beyond_a_year_is_refused(world, login):
    response = login(world.users.city).post(reverse("token_new"), {"name": "x", "scopes": ["stats:read"], "days": 366})
    assert list(response.context["form"].errors) == ["days"]


def test_user_without_roles_is_offered_no_token(world, login):
    content = login(world.users.nobody).get(reverse("tokens")).content.decode()
    assert "您的角色不能使用接口" in content
    assert reverse("token_new") not in content


def test_tokens_of_others_do_not_exist(world, login):
    token, client = make(world.users.city), login(world.users.street)
    assert token.name not in client.get(reverse("tokens")).content.decode()
    for name in ("token_revoke", "token_rotate"):
        assert client.get(reverse(name, args=[token.pk])).status_code == 404
        assert client.post(reverse(name, args=[token.pk]), {"overlap_days": 1}).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_revoking_asks_first(world, login):
    token, client = make(world.users.city), login(world.users.city)
    assert "撤销后不能恢复" in client.get(reverse("token_revoke", args=[token.pk])).content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None
    assert client.post(reverse("token_revoke", args=[token.pk])).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_rotating_shows_a_new_secret(world, login):
    token, client = make(world.users.city), login(world.users.city)
    response = client.post(reverse("token_rotate", args=[token.pk]), {"overlap_days": 2})
    assert ApiToken.objects.get(digest=ApiToken.digest_of(secret_on(response))) != token
    assert client.post(reverse("token_rotate", args=[token.pk]), {"overlap_days": 31}).status_code == 422
