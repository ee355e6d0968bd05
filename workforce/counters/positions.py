"""Counters over positions: established 核定, taken 实有, vacant 空缺, by class, where a community has them recorded.

A full-time, managed post takes a position; a person takes one per community and class, whatever number of posts.
Vacancies and excess are counted community by community: one community's vacancy does not make up for another's excess.
"""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from workforce.counters.words import in_force


def cells(scope: Scope) -> str:
    """code, id (of the establishment), class, positions established and taken."""
    return f"""
    WITH established AS (
        SELECT e.id, e.division_id, e.worker_class, e.posts
        FROM workforce_establishment e WHERE {in_force("e")} AND {scope.of("e.division_id")}
    )
    SELECT e.division_id AS code, e.id, e.worker_class, e.posts, coalesce(t.taken, 0) AS taken
    FROM established e LEFT JOIN (
        SELECT p.division_id, CASE WHEN p.body IN ('party', 'committee') THEN 'committee' ELSE 'staff' END AS worker_class,
            count(DISTINCT p.person_id) AS taken
        FROM posts p WHERE p.full_time AND p.managed AND p.division_id IN (SELECT division_id FROM established)
        GROUP BY 1, 2
    ) t ON t.division_id = e.division_id AND t.worker_class = e.worker_class"""


def _sums(suffix: str, which: str, words: str | Promise) -> tuple[Counter, ...]:
    """Established, taken, vacant and over of the cells `which`."""

    def counter(name: str, label: str | Promise, when: str, add: str = "") -> Counter:
        return Counter(
            name=f"{name}{suffix}", label=format_lazy("{}{}", label, words), when=f"{which} AND {when}", add=add
        )

    return (
        counter("posts_recorded", _("核定了员额的社区数"), "true"),
        counter("posts_established", _("核定员额"), "r.posts > 0", "r.posts"),
        counter("posts_taken", _("核定员额已占用"), "r.taken > 0", "r.taken"),
        counter("posts_vacant", _("空缺员额"), "r.posts > r.taken", "r.posts - r.taken"),
        counter("posts_over", _("超出员额"), "r.taken > r.posts", "r.taken - r.posts"),
    )


POSITIONS = Family(
    name="positions",
    row=RowKind.POSITION,
    rows=cells,
    counters=(
        *_sums("", "true", "")[1:],
        *_sums("_committee", "r.worker_class = 'committee'", _("（“两委”专职成员）")),
        *_sums("_staff", "r.worker_class = 'staff'", _("（专职工作人员）")),
    ),
)
