"""The people of a sheet against the roster: what is new, what changes field by field, what stays, who is missing."""

from datetime import date
from typing import Any

from portal.core.lib.codes import within
from portal.core.lib.dated import end_of, in_force, last_day
from portal.core.sheets.models import ImportBatch
from workforce.actions.plan import PersonWrite, PostWrite, RosterPlan, new_keys
from workforce.clocks import RegistrationRule
from workforce.importers.checking import last_day_of
from workforce.importers.columns import PERSON, POST
from workforce.importers.entering import EMPTY, SHOWN_OF_NEW, enter, is_plain
from workforce.importers.known import Known
from workforce.importers.matching import change, clashing, differences, pick
from workforce.importers.papers import certificates, contracts, registrations
from workforce.importers.people import Human, post_key
from workforce.importers.places import Place
from workforce.importers.returning import serve_again, served_until, withhold
from workforce.importers.rows import Row
from workforce.importers.staying import unchanged

_POST_KEYS = tuple(
    (name, name) for name in ("tier", "grade", "entry", "full_time", "managed", "grid_worker", "valid_from", "valid_to")
)


class Comparison:
    """Builds the plan; statuses, changes and further errors are noted on the rows."""

    def __init__(
        self, batch: ImportBatch, places: dict[str, Place], today: date, registration: RegistrationRule
    ) -> None:
        self.division = batch.division_id
        self.partial = bool(batch.options.get("partial"))
        self.leaving_on = _day(batch.options.get("leaving_on"))
        self.leaving_reason = str(batch.options.get("leaving_reason", ""))
        self.places = places
        self.today = today
        self.registration = registration
        self.plan = RosterPlan()
        self.keys = new_keys()
        self.claimed: set[int] = set()
        self.written: list[tuple[Row, PostWrite]] = []
        self.held: list[PostWrite] = []
        self.new_people = 0
        self.ending = 0

    def taken(self) -> RosterPlan:
        """What has been gathered since the last call; what later checks need of it is kept."""
        plan, self.plan = self.plan, RosterPlan()
        self.held += plan.posts
        self.new_people += sum(1 for person in plan.people if person.new)
        return plan

    def take(self, human: Human, known: Known | None) -> None:
        """Compares one person; rows with errors are left out."""
        rows = [row for row in human.rows if row.judged]
        if not rows:
            return
        if known is None and is_plain(human) and self.places[rows[0].code].urban:
            if post := enter(self.plan, human, rows[0], next(self.keys), self.registration):
                self.written.append((rows[0], post))
            return
        if known and (same := unchanged(human, known)):
            self.claimed.add(same.id)
            return
        if known and self._elsewhere(known, rows):
            for row in rows:
                row.moved, row.changes = True, [] if row.repeats else _wanted(known.id, row)
            return
        person = self._person(human, known, rows)
        before = sum(len(row.changes) for row in rows)
        writes = self._posts(person, known, rows)
        closed = self._close(person, known, rows)
        papers = (
            contracts(person, known, rows, self.today, served_until(person, known)),
            certificates(person, known, rows),
            registrations(person, known, rows, self.registration),
        )
        if known and not known.inside:
            withhold(rows)
        touched = person.new or before or writes or closed or any(papers)
        if not touched or any(row.errors for row in rows):
            return
        plan = self.plan
        plan.people.append(person)
        plan.posts += writes + closed
        plan.contracts += papers[0]
        plan.certificates += papers[1]
        plan.registrations += papers[2]
        plan.communities.update(post.division for post in writes)
        plan.communities.update(post.division for post in (known.posts if known else ()))

    def _elsewhere(self, known: Known, rows: list[Row]) -> bool:
        """Whether the sheet wants somebody who serves in another office and not here: that office has to agree first.

        Who has left there is free to come; of posts here that are over, the office may still tell.
        """
        serving = [post for post in known.posts if _lasts(post.valid_from, post.valid_to, self.today)]
        if not serving or any(within(post.division, self.division) for post in serving):
            return False
        ends = [last_day_of(row.values) for row in rows]
        return not known.inside or any(end is None or end >= self.today for end in ends)

    def _person(self, human: Human, known: Known | None, rows: list[Row]) -> PersonWrite:
        """The person as the sheet says, with what the roster holds where the sheet is silent."""
        first, given = rows[0], human.values
        old = known.values if known else EMPTY
        fields: dict[str, Any] = {**old, **given}
        if known and old["left_on"]:
            serve_again(fields, given, known, rows)
        elif known and known.left_before and old["hired_on"] != fields["hired_on"] <= known.left_before:
            first.error("hired_before_return", "hired_on", left=known.left_before)
        if fields["left_on"] and fields["hired_on"] and fields["left_on"] < fields["hired_on"]:
            first.error("left_before_hired", "left_on", hired=fields["hired_on"])
        if known and fields != old:
            first.changes += [change(key, old[key], fields[key]) for key in PERSON if old[key] != fields[key]]
            if known.inside and old["name"] != fields["name"]:
                first.warn("name_changes", "name", old=old["name"])
        number = first.values["id_number"].number
        return PersonWrite(known.id if known else next(self.keys), known is None, human.index, number, fields)

    def _posts(self, person: PersonWrite, known: Known | None, rows: list[Row]) -> list[PostWrite]:
        writes = []
        held: dict[tuple, list[PostWrite]] = {}
        for post in known.posts if known else ():
            held.setdefault((post.division, post.body, post.title), []).append(post)
        left = person.fields["left_on"]
        telling = [row for row in rows if not row.repeats]
        for row in sorted(telling, key=lambda row: row.values["valid_from"], reverse=True):
            same = held.get(post_key(row), [])
            free = [post for post in same if post.id not in self.claimed]
            start, end = row.values["valid_from"], self._end(row, left)
            if end is not None and end <= start:
                row.error("start_after_leaving", "valid_from", left=left)
                continue
            old = pick(free, start, end)
            if old is not None:
                self.claimed.add(old.id)
            write = self._post(person, row, old, end)
            other = clashing((post for post in same if post.id not in self.claimed), start, end)
            if other is not None:
                row.error("overlap_recorded", "valid_from", start=other.valid_from, end=last_day(other.valid_to) or "…")
            if self._note(row, old, write):
                writes.append(write)
                self.written.append((row, write))
        return writes

    @staticmethod
    def _end(row: Row, left: date | None) -> date | None:
        """The exclusive end of the row's post: nobody holds a post after the last day in service."""
        typed = row.values.get("valid_to")
        days = [day for day in (typed, left) if day is not None]
        return end_of(min(days)) if days else None

    @staticmethod
    def _post(person: PersonWrite, row: Row, old: PostWrite | None, end: date | None) -> PostWrite:
        values = row.values
        get = values.get
        return PostWrite(
            id=old.id if old else None,
            person=person.id,
            division=row.code,
            body=values["body"],
            title=values["title"],
            tier=values["tier"],
            grade=get("grade", old.grade if old else None),
            entry=values["entry"],
            full_time=get("full_time", old.full_time if old else True),
            managed=get("managed", old.managed if old else True),
            grid_worker=get("grid_worker", old.grid_worker if old else False),
            valid_from=values["valid_from"],
            valid_to=end,
        )

    def _note(self, row: Row, old: PostWrite | None, write: PostWrite) -> bool:
        """Notes on the row what the post changes; whether anything does."""
        if old is None:
            place = self.places[row.code]
            if not place.urban:
                row.error("village", "code" if "code" in row.values else "community", official=place.label)
            row.new = True
            row.changes += [change(key, None, getattr(write, key)) for key in SHOWN_OF_NEW]
            return True
        found = differences(_POST_KEYS, old, write)
        row.changes += found
        return bool(found)

    def _close(self, person: PersonWrite, known: Known | None, rows: list[Row]) -> list[PostWrite]:
        """Ends, on the last day in service, the posts of a leaving person that the sheet does not name."""
        left = person.fields["left_on"]
        if left is None or known is None or left == known.values["left_on"]:
            return []
        after, writes = end_of(left), []
        told = next((row for row in rows if "left_on" in row.values), rows[0])
        for post in known.posts:
            if post.id in self.claimed or (post.valid_to is not None and post.valid_to <= after):
                continue
            if not within(post.division, self.division):
                told.error("leaving_elsewhere", "left_on")
            elif post.valid_from > left:
                told.error("post_after_leaving", "left_on", start=post.valid_from)
            else:
                self.claimed.add(post.id)
                told.changes.append(change("valid_to", last_day(post.valid_to), left, of=post.title))
                writes.append(replace_end(post, after))
        return writes

    def missing(self, known: Known) -> list[PostWrite]:
        """Posts in force today in the division that no row of the sheet names."""
        return [
            post
            for post in known.posts
            if post.id not in self.claimed
            and within(post.division, self.division)
            and in_force(post.valid_from, post.valid_to, self.today)
        ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _lasts(valid_from: date, valid_to: date | None, today: date) -> bool:
    """Whether a post runs today or begins later; one that was taken back does not."""
    return valid_to is None or (valid_to > today and valid_to != valid_from)


def _wanted(person: str, row: Row) -> list[dict]:
    """The post that a row wants for somebody of another office: what a transfer is proposed with."""
    told = [change(key, None, row.values[key]) for key in (*POST, "body", "title") if key in row.values]
    return [change("person", None, person), *told]


def replace_end(post: PostWrite, end: date | None) -> PostWrite:
    """The same post with another end."""
    values = {name: getattr(post, name) for name in PostWrite.__slots__}
    return PostWrite(**{**values, "valid_to": end})
