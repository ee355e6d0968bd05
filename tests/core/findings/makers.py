"""Findings and inspections for tests, without any roster."""

from datetime import date

from portal.core.findings.inspection import Inspection, Line
from portal.core.findings.models import Finding, first_holder
from portal.core.lib.clock import today


def finding(code: str, *, kind: str = "sample", subject: str = "", opened_on: date | None = None, **fields) -> Finding:
    """An open finding about a division, held by the offices it belongs to since it was opened."""
    day = opened_on or today()
    return Finding.objects.create(
        kind=kind,
        subject=subject or f"{code} {Finding.objects.count()}",
        division_id=code,
        **{
            "facts": {"on": day.isoformat()},
            "opened_on": day,
            "seen_on": day,
            "held_level": first_holder(code),
            "held_since": day,
            **fields,
        },
    )


def inspection(seen: dict[str, str] | None = None, *, key: str = "sample", sql: str = "", due: str = "") -> Inspection:
    """An inspection that sees what `seen` says (subject -> division code) whenever it looks, or what `sql` selects."""
    seen = {} if seen is None else seen

    def problems(on: date) -> tuple[str, dict]:
        if sql:
            return sql, {"on": on}
        rows = "SELECT unnest(%(subjects)s::text[])::varchar(80) AS subject, unnest(%(codes)s::text[])::varchar(12) AS division_id"
        more = "%(due)s::date AS due_on, jsonb_build_object('on', %(on)s::date, 'gap', 1) AS facts"
        values = {"subjects": list(seen), "codes": list(seen.values()), "on": on, "due": due or None}
        return f"SELECT subject, division_id, {more} FROM ({rows}) seen", values

    return Inspection(
        key=key,
        label="样例检查",
        sentence="每夜看一看样例。",
        topic="data",
        subjects=lambda on: len(seen),
        problems=problems,
        headline=lambda facts: f"样例 {facts['on']}",
        lines=lambda facts: [Line("样例", "1")],
        remedy="改好即消除。",
    )
