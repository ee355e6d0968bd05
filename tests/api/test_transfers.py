"""`transfers/`: proposing, answering and reading moves between streets, each side as far as it may."""

import pytest

from portal.core.accounts.roles import Scope
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from workforce.actions.transfers import propose_transfer
from workforce.models import Appointment, Transfer

URL = "/api/v1/transfers/"
BOTH = (Scope.ROSTER_READ, Scope.ROSTER_WRITE)
POST = {"body": "station", "title": "工作人员", "tier": "staff", "grade": 6, "entry": "hired"}


def body(world, **fields) -> dict:
    given = {
        "id_number": str(world.people["周秋"].id_number), "name": "周丘", "division": w.SUMMER,
        "effective_on": world.today.isoformat(), "post": POST, "reason": "住址变化",
    }  # fmt: skip
    return {key: value for key, value in {**given, **fields}.items() if value is not None}


def propose(client, given: dict, key: str = "p"):
    return client.post(URL, given, "application/json", headers={"idempotency-key": key})


def act(client, number: int, name: str, given: dict | None = None, *, tag: str = "read", key: str = "a"):
    url, headers = f"{URL}{number}/", {"idempotency-key": key}
    if tag:
        headers["if-match"] = client.get(url)["ETag"] if tag == "read" else tag
    return client.post(f"{url}{name}/", given or {}, "application/json", headers=headers)


@pytest.fixture
def asked(world, api) -> int:
    """The number of a proposal of the street for 周秋 of the neighbour."""
    return propose(api(world.users.street, *BOTH), body(world)).json()["id"]


def test_receiving_side_reads_what_it_wrote_and_nothing_of_the_file(world, api):
    client = api(world.users.street, *BOTH)
    response = propose(client, body(world))
    assert response.status_code == 201
    shown = response.json()
    assert response["Location"].endswith(f"{URL}{shown['id']}/")
    number = str(world.people["周秋"].id_number)
    assert shown["worker"] == {"id": None, "name": "周丘", "id_number": f"999{'*' * 11}{number[-4:]}"}
    assert (shown["from_division"], shown["to_division"]["code"], shown["waits_for"]) == (None, w.SUMMER, "giving")
    assert shown["post"] == {**POST, "full_time": True, "managed": True, "grid_worker": False}
    for answer in (response, client.get(response["Location"]), client.get(URL)):
        text = answer.content.decode()
        assert not any(secret in text for secret in (str(world.people["周秋"].pk), w.AUTUMN, "秋叶", "周秋", number))
    assert propose(client, body(world)).json() == shown  # the same key again
    assert Transfer.objects.count() == 1


def test_giving_side_reads_everything_and_agrees(world, api, asked):
    client = api(world.users.neighbour, *BOTH)
    shown = client.get(f"{URL}{asked}/").json()
    assert shown["worker"] | {"id_number": ""} == {"id": str(world.people["周秋"].pk), "name": "周秋", "id_number": ""}
    assert (shown["from_division"]["code"], shown["waits_for"]) == (w.AUTUMN, "giving")
    done = act(client, asked, "agree").json()
    assert (done["state"], done["waits_for"]) == ("agreed", None)
    assert Appointment.objects.filter(person=world.people["周秋"], division=w.SUMMER, grade=6).count() == 1
    told = api(world.users.street, *BOTH).get(f"{URL}{asked}/").json()
    assert (told["worker"]["name"], told["from_division"]["name"]) == ("周秋", "秋叶社区")


def test_giving_side_proposes_by_key_and_receiving_side_amends_the_post(world, api):
    given = body(world, id_number=None, name=None, worker=str(world.people["孙夏"].pk), division=w.AUTUMN)
    made = propose(api(world.users.street, *BOTH), given).json()
    assert (made["waits_for"], made["from_division"]["code"]) == ("receiving", w.SUMMER)
    client = api(world.users.neighbour, *BOTH)
    seen = client.get(f"{URL}{made['id']}/").json()
    assert (seen["worker"]["id"], seen["worker"]["name"]) == (None, "孙夏")
    done = act(client, made["id"], "agree", {"post": {**POST, "title": "委员"}}).json()
    assert (done["post"]["title"], done["worker"]["id"]) == ("委员", str(world.people["孙夏"].pk))


def test_refusal_and_withdrawal(world, api, asked):
    giving, receiving = (api(getattr(world.users, name), *BOTH) for name in ("neighbour", "street"))
    refused(act(giving, asked, "refuse", {}), 400, "invalid-content")
    done = act(giving, asked, "refuse", {"reason": "人手不足"}).json()
    assert (done["state"], done["decision_reason"]) == ("refused", "人手不足")
    refused(act(giving, asked, "agree", key="b"), 409, "conflict")
    again = propose(receiving, body(world), key="p2").json()["id"]
    assert act(receiving, again, "withdraw", key="c").json()["state"] == "withdrawn"
    assert Appointment.objects.filter(person=world.people["周秋"]).count() == 1


def test_each_side_does_its_own_step_only(world, api, asked):
    giving, receiving = (api(getattr(world.users, name), *BOTH) for name in ("neighbour", "street"))
    refused(act(receiving, asked, "agree"), 403, "forbidden")
    refused(act(receiving, asked, "refuse", {"reason": "理由"}), 403, "forbidden")
    refused(act(giving, asked, "withdraw"), 403, "forbidden")
    assert Transfer.objects.get().state == "proposed"


@pytest.mark.parametrize("name", ["agree", "refuse", "withdraw"])
def test_answer_without_or_with_an_old_tag_is_refused(world, api, asked, name):
    client = api(world.users.street if name == "withdraw" else world.users.neighbour, *BOTH)
    given = {"reason": "理由"} if name == "refuse" else {}
    refused(act(client, asked, name, given, tag=""), 428, "precondition-required")
    refused(act(client, asked, name, given, tag='"old.tag"'), 412, "precondition-failed")
    assert (Transfer.objects.get().state, Transfer.objects.get().version) == ("proposed", 1)


def test_full_community_is_a_conflict(world, api, asked):
    factories.establishment(w.SUMMER, posts=2)
    assert "核定员额 2 人" in refused(act(api(world.users.neighbour, *BOTH), asked, "agree"), 409, "conflict")["detail"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"id_number": "123"}, 400),
        ({"id_number": None}, 400),
        ({"worker": "00000000-0000-4000-8000-000000000000"}, 400),
        ({"name": None}, 400),
        ({"id_number": None, "worker": "00000000-0000-4000-8000-000000000000"}, 400),
        ({"division": "999999999999"}, 400),
        ({"post": {**POST, "tier": "boss"}}, 400),
        ({"post": {**POST, "grade": 19}}, 400),
        ({"effective_on": "soon"}, 400),
        ({"state": "agreed"}, 400),
        ({"division": w.VILLAGE}, 409),
        ({"division": w.FAR}, 409),
    ],
)
def test_faulty_proposal_is_refused_and_makes_nothing(world, api, fields, status):
    response = propose(api(world.users.street, *BOTH), body(world, **fields))
    assert response.status_code == status, response.content
    assert not Transfer.objects.exists()


def test_worker_of_another_street_is_as_missing_as_nobody(world, api):
    client = api(world.users.street, *BOTH)
    given = body(world, id_number=None, name=None)
    foreign, nobody = (
        refused(propose(client, {**given, "worker": key}), 400, "invalid-content")
        for key in (str(world.people["周秋"].pk), "00000000-0000-4000-8000-000000000000")
    )
    assert foreign | {"request_id": ""} == nobody | {"request_id": ""}


def test_list_is_filtered_by_state_and_place(world, api, asked):
    client = api(world.users.district, Scope.ROSTER_READ)

    def numbers(**query) -> list[int]:
        return [row["id"] for row in client.get(URL, query).json()["results"]]

    assert (
        numbers() == numbers(state="proposed") == numbers(division=w.NEIGHBOUR) == numbers(division=w.SUMMER) == [asked]
    )
    assert numbers(state="agreed") == numbers(division=w.SPRING) == []
    refused(client.get(f"{URL}{asked}/", headers={"authorization": "Bearer x"}), 401, "unauthenticated")
    refused(api(world.users.outsider, *BOTH).get(f"{URL}{asked}/"), 404, "not-found")


@pytest.mark.parametrize("count", [1, 3])
def test_queries_stay_the_same(world, api, count, django_assert_num_queries):
    for number in range(count):
        person = factories.worker(f"甲{'一二三'[number]}", w.AUTUMN)
        propose_transfer(
            person=person, division=world.divisions[w.SUMMER], effective_on=world.today, name="甲",
            post={**POST, "tier": 3, "full_time": True, "managed": True, "grid_worker": False}, by=world.users.street,
        )  # fmt: skip
    client = api(world.users.street, Scope.ROSTER_READ)
    client.get(URL)
    with django_assert_num_queries(2):
        assert len(client.get(URL).json()["results"]) == count
