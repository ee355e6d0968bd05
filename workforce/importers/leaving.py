"""People on the roster whom the sheet does not name: kept, or ended on the day that the user has chosen."""

from portal.core.lib.dated import end_of, in_force, last_day
from portal.core.sheets.importer import JudgedRow
from portal.core.sheets.models import RowStatus
from workforce.actions.plan import ContractWrite, PersonWrite, PostWrite
from workforce.importers.comparing import Comparison, replace_end
from workforce.importers.known import Known
from workforce.importers.matching import change
from workforce.importers.rows import issue, shown_cell

_SHOWN = ("body", "title", "valid_from")


class Leaving:
    """Collects the posts in force that no row names; `unclear` are (name, community) of rows in error, which may mean
    one of them."""

    def __init__(self, comparison: Comparison, unclear: set[tuple[str | None, str]]) -> None:
        self.comparison = comparison
        self.unclear = unclear
        self._rows: list[JudgedRow] = []

    def look(self, person: Known, *, named: bool) -> None:
        """Takes in a person; one whom the sheet names for another post loses the missing post only."""
        if self.comparison.partial:
            return
        name = person.values["name"]
        missing = [post for post in self.comparison.missing(person) if (name, post.division) not in self.unclear]
        if not missing:
            return
        if self.comparison.leaving_on is None:
            self._rows += [_row(name, post) for post in missing]
            return
        self._end(person, missing, named)

    def _end(self, person: Known, missing: list[PostWrite], named: bool) -> None:
        """Ends the posts; whoever has no other post after that leaves, contracts included."""
        comparison, name = self.comparison, person.values["name"]
        last = comparison.leaving_on
        late = [post for post in missing if post.valid_from > last]
        if late:
            told = {"start": late[0].valid_from}
            error = issue("post_after_leaving", "valid_from", shown_cell("valid_from", late[0].valid_from), told)
            self._rows += [_row(name, post, errors=[error]) for post in late]
            return
        end = end_of(last)
        self._rows += [_row(name, post, change("valid_to", last_day(post.valid_to), last)) for post in missing]
        ended = {post.id for post in missing}
        stays = named or any(
            post.id not in ended and (post.valid_to is None or post.valid_to > end) for post in person.posts
        )
        fields, plan = dict(person.values), comparison.plan
        if not stays:
            fields |= {"left_on": last, "leaving_reason": comparison.leaving_reason}
            plan.contracts += _contracts(person, last)
        if not any(one.id == person.id for one in plan.people[-1:]):
            plan.people.append(PersonWrite(person.id, False, person.index, "", fields))
        plan.posts += [replace_end(post, end) for post in missing]
        plan.communities.update(post.division for post in person.posts)
        comparison.ending += len(missing)

    def rows(self) -> list[JudgedRow]:
        """The posts found, by community and name; their number is 0, for no row of the sheet names them."""
        return sorted(self._rows, key=lambda row: (row.division, row.label))


def _row(name: str, post: PostWrite, *more: dict, errors: list[dict] | None = None) -> JudgedRow:
    gone = [change(key, getattr(post, key), None) for key in _SHOWN]
    status = RowStatus.ERROR if errors else RowStatus.LEAVING
    return JudgedRow(0, status, name, post.division, errors or [], [], [*gone, *more])


def _contracts(person: Known, last) -> list[ContractWrite]:
    end = end_of(last)
    return [
        ContractWrite(one.id, one.person, one.kind, one.party, one.valid_from, end)
        for one in person.contracts
        if in_force(one.valid_from, one.valid_to, last)
    ]
