"""Needs and micro-projects: 12 found, 6 converted, each need once; who proposes, approves, finishes, drops (domain §1.H5)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.lib.dated import ONE_DAY
from ratings.actions import needs as writes
from ratings.actions.seen import mark_of
from ratings.models import Need, Project
from ratings.queries import needs as reads
from tests import factories
from tests import world as w
from workforce.actions.versions import Stale

QUERIES = 13


def propose(world, *needs, **fields):
    given = {"name": "充电桩", "proposed_on": world.today, "lead": None, "budget": None, **fields}
    division = world.divisions[needs[0].division_id]
    return writes.propose_project(division=division, needs=needs, by=world.users.community, **given)


def approve(world, project, **fields):
    given = {"seen": mark_of(project), "approved_on": world.today, "by": world.users.street, **fields}
    return writes.approve_project(project=project, **given)


def test_need_served_by_two_projects_counts_once_and_only_when_one_is_approved(world):
    year = world.today.year
    first = factories.need(w.SPRING, "一", found_on=world.today)
    second = factories.need(w.SPRING, "二", found_on=world.today)
    factories.need(w.SPRING, "去年", found_on=date(year - 1, 12, 31))
    factories.need(w.SPRING, "撤回", found_on=world.today, taken_back=True)
    one, other = propose(world, first, second), propose(world, first)
    assert reads.per_community(w.STREET, year, world.today) == {w.SPRING: (2, 0)}
    approve(world, one)
    approve(world, other)
    assert reads.per_community(w.STREET, year, world.today) == {w.SPRING: (2, 2)}
    assert reads.per_community(w.STREET, year, world.today - ONE_DAY) == {}
    writes.drop_project(project=one, seen=mark_of(Project.objects.get(pk=one.pk)), result="停", by=world.users.street)
    assert reads.per_community(w.STREET, year, world.today) == {w.SPRING: (2, 1)}


def test_need_of_another_community_or_none_cannot_be_served(world):
    own, foreign = factories.need(w.SPRING), factories.need(w.SUMMER)
    for chosen, sentence in (
        ((own, foreign), "只能选择本社区尚未撤回的需求。"),
        ((), "请至少选择一项居民需求；没有登记需求的，先登记需求。"),
    ):
        with pytest.raises(ValidationError) as caught:
            given = {"name": "x", "proposed_on": world.today, "by": world.users.community}
            writes.propose_project(division=world.divisions[w.SPRING], needs=chosen, **given)
        assert caught.value.message_dict == {"needs": [sentence]}
    assert not Project.objects.exists()


def test_converted_need_is_taken_back_only_after_its_project_lets_it_go(world):
    need = factories.need(w.SPRING)
    project = approve(world, propose(world, need, name="充电桩"))
    with pytest.raises(ValidationError) as caught:
        writes.take_back_need(need=need, seen=mark_of(need), by=world.users.community)
    assert caught.value.messages == ["这项需求已转化为项目“充电桩”。请先在该项目中取消对应这项需求，再撤回。"]
    writes.drop_project(project=project, seen=mark_of(project), result="停", by=world.users.street)
    writes.take_back_need(need=need, seen=mark_of(need), by=world.users.community)
    assert Need.objects.get().taken_back


def test_states_of_a_project_follow_their_table(world):
    project = propose(world, factories.need(w.SPRING))
    with pytest.raises(ValidationError) as caught:
        writes.finish_project(
            project=project, seen=mark_of(project), finished_on=world.today, result="x", by=world.users.street
        )
    assert caught.value.messages == ["项目现在是“申报”，不能这样办理。请刷新页面。"]
    with pytest.raises(ValidationError) as caught:
        approve(world, project, approved_on=project.proposed_on - ONE_DAY)
    assert caught.value.message_dict == {"approved_on": ["立项日期不能早于申报日期。"]}
    project = approve(world, project)
    project = writes.finish_project(
        project=project, seen=mark_of(project), finished_on=world.today, result="建成 3 处", by=world.users.community
    )
    assert (project.state, project.finished_on, project.version) == ("finished", world.today, 3)


def test_correction_of_what_somebody_else_has_changed_is_refused(world):
    need = factories.need(w.SPRING)
    seen = mark_of(need)
    fields = {"title": "改", "channel": "visit", "found_on": world.today, "text": ""}
    writes.change_need(need=need, seen=seen, by=world.users.community, **fields)
    with pytest.raises(Stale):
        writes.change_need(need=need, seen=seen, by=world.users.street, **fields)


def test_page_says_how_a_community_stands_and_what_it_lacks(world, login):
    factories.rule("service.needs", {"needs": 12, "projects": 6}, w.CITY)
    for number in range(12):
        need = factories.need(w.SPRING, f"需求{number}", found_on=world.today)
        if number < 5:
            approve(world, propose(world, need))
    url = reverse("needs", args=[w.SPRING])
    page = login(world.users.community).get(url).content.decode()
    assert f"{world.today.year} 年发现居民需求 12 个，其中 5 个已转化为微治理项目。" in page
    assert "还差转化 1 个" in page
    approve(world, propose(world, Need.objects.get(title="需求5")))
    assert "达标" in login(world.users.community).get(url).content.decode()


def test_page_of_a_street_counts_its_communities_and_hides_the_neighbour(world, login):
    factories.need(w.SPRING, "本街道的需求", found_on=world.today)
    factories.need(w.AUTUMN, "邻街道的需求", found_on=world.today)
    page = login(world.users.street).get(reverse("needs", args=[w.STREET])).content.decode()
    assert "本街道的需求" in page and "未生效" in page
    assert "邻街道的需求" not in page and "秋叶社区" not in page
    assert login(world.users.street).get(reverse("needs", args=[w.NEIGHBOUR])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_and_three_needs(world, login, django_assert_num_queries, count):
    for number in range(count):
        need = factories.need(w.SPRING, f"需求{number}", found_on=world.today)
        factories.project(w.SPRING, need, proposed_on=world.today)
    client = login(world.users.street)
    client.get(reverse("needs", args=[w.STREET]))
    with django_assert_num_queries(QUERIES):
        assert client.get(reverse("needs", args=[w.STREET])).status_code == 200


def test_forms_enter_correct_and_take_back(world, login):
    client = login(world.users.community)
    fields = {"title": "增设充电桩", "channel": "visit", "found_on": world.today.isoformat(), "text": ""}
    assert client.post(reverse("need_new", args=[w.SPRING]), fields).status_code == 302
    need = Need.objects.get()
    edit = reverse("need_edit", args=[need.pk])
    assert client.post(edit, {**fields, "title": "改名", "seen": mark_of(need)}).status_code == 302
    stale = client.post(edit, {**fields, "title": "再改", "seen": "1"})
    assert stale.status_code == 422
    assert "这条记录刚被其他人修改过。" in stale.content.decode()
    assert 'name="seen" value="2"' in stale.content.decode()
    need.refresh_from_db()
    back = client.post(reverse("need_take_back", args=[need.pk]), {"seen": mark_of(need)})
    need.refresh_from_db()
    assert (back.status_code, need.title, need.taken_back) == (302, "改名", True)
    future = client.post(
        reverse("need_new", args=[w.SPRING]), {**fields, "found_on": (world.today + ONE_DAY).isoformat()}
    )
    assert "发现日期不能晚于今天。" in future.content.decode()


def test_project_is_proposed_approved_and_finished_through_the_pages(world, login):
    need = factories.need(w.SPRING, found_on=world.today)
    keeper, office = login(world.users.community), login(world.users.street)
    lead = world.people["钱风"]
    fields = {"name": "充电桩", "needs": [need.pk], "proposed_on": world.today.isoformat(), "lead": str(lead.pk)}
    keeper.post(reverse("project_new", args=[w.SPRING]), fields)
    project = Project.objects.get()
    step = reverse("project_step", args=[project.pk, "approve"])
    assert keeper.get(step).status_code == 403
    assert office.post(step, {"seen": mark_of(project), "approved_on": world.today.isoformat()}).status_code == 302
    project.refresh_from_db()
    finish = reverse("project_step", args=[project.pk, "finish"])
    given = {"seen": mark_of(project), "finished_on": world.today.isoformat(), "result": "建成"}
    assert keeper.post(finish, given).status_code == 302
    project.refresh_from_db()
    assert (project.state, project.lead, list(project.needs.all())) == ("finished", lead, [need])
