"""The check of a sheet of proposals: every error of every row in one pass, then the comparison with what is registered."""

from django.db import transaction

from portal.core.sheets.importer import Judgement, Part, Progress, no_progress
from portal.core.sheets.mapping import mapping_of
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.reading import Grid
from proposals.actions.faults import Given, faults_of
from proposals.actions.intake import CHANGEABLE
from proposals.importers.columns import BODIES, read_rows
from proposals.models import Proposal, Proposer, Session
from ratings.importers.flat import FlatRow, stored
from ratings.importers.judged import fingerprint, judged, judgement

PARTS = ("new", "changed")
# Facts of a proposal that columns of the same name fill.
FACTS = (
    "title", "proposer_type", "proposers_count", "received_on", "filed_on", "between_sessions", "key",
    "first_signer_forwards", "field", "text",
)  # fmt: skip
_EVERY = 500
_READ = (
    "SELECT r::text AS part FROM proposals_session r WHERE division_id = %(code)s ORDER BY id",
    """SELECT concat_ws(',', id, version, state, session_id, number) AS part FROM proposals_proposal
    WHERE division_id = %(code)s ORDER BY id""",
)
_LOCK = "SELECT id FROM proposals_proposal WHERE division_id = %(code)s ORDER BY id FOR NO KEY UPDATE"


def take_basis(batch: ImportBatch, *, lock: bool) -> str:
    """The fingerprint of all that a check reads; with `lock` the proposals stay as they are to the end of the transaction."""
    return fingerprint(batch, _READ, {"code": batch.division_id}, lock=_LOCK if lock else "")


def renewed_basis(*, batch: ImportBatch, part: Part) -> str:
    """The fingerprint of a kept check as it is now, and what it is of held still."""
    return take_basis(batch, lock=True)


@transaction.atomic
def judge(grid: Grid, *, batch: ImportBatch, lock: bool = False, progress: Progress = no_progress) -> Judgement:
    """Judges the sheet against the sessions and proposals of the batch's division itself, not those under it.

    Raises `Unusable` where its header is not understood.
    """
    rows = list(read_rows(grid, mapping_of(batch.kind, batch.division_id)))
    basis = take_basis(batch, lock=lock)
    known = _Known(batch, rows)
    first: dict[tuple[int, str], int] = {}
    plan: dict[str, list[dict]] = {name: [] for name in PARTS}
    for done, row in enumerate(rows):
        if not done % _EVERY:
            progress("comparing", done, len(rows))
        row.code = batch.division_id
        session = known.session(row)
        if session is None or "number" not in row.values:
            continue
        key = (session.pk, row.values["number"])
        if (other := first.setdefault(key, row.number)) != row.number:
            row.error("same_twice", "number", other=other)
        elif not row.errors:
            _compare(row, session, known.proposals.get(key), known.signers, plan)
    return judgement([judged(row, _label(row)) for row in rows], plan, basis)


class _Known:
    """What is registered already of what the sheet names, loaded once."""

    def __init__(self, batch: ImportBatch, rows: list[FlatRow]) -> None:
        self.place = batch.division.label
        held = Session.objects.filter(division_id=batch.division_id)
        self.sessions = {(one.body, one.term, one.meeting): one for one in held}
        numbers = {row.values["number"] for row in rows if "number" in row.values}
        found = Proposal.objects.filter(session__in=held, number__in=numbers).defer("search")
        self.proposals = {(one.session_id, one.number): one for one in found}
        self.signers: dict[int, list[str]] = {}
        names = Proposer.objects.filter(proposal__in=[one.pk for one in self.proposals.values()]).order_by("position")
        for pk, name in names.values_list("proposal_id", "name"):
            self.signers.setdefault(pk, []).append(name)

    def session(self, row: FlatRow) -> Session | None:
        """The session that a row names; that there is none is noted on the row."""
        given = [row.values.get(key) for key in ("body", "term", "meeting")]
        if None in given:
            return None
        found = self.sessions.get(tuple(given))
        if found is None:
            word = next(word for word, body in BODIES.items() if body == given[0])
            row.error("session_unknown", "meeting", division=self.place, term=given[1], meeting=given[2], body=word)
        return found


def _compare(
    row: FlatRow, session: Session, held: Proposal | None, signers: dict[int, list[str]], plan: dict[str, list[dict]]
) -> None:
    """Notes what contradicts itself or the body, and what would be written."""
    facts = {name: row.values[name] for name in FACTS if name in row.values}
    names = row.values["signers"]
    facts.setdefault("proposers_count", len(names))
    before = (
        {name: getattr(held, name) for name in FACTS} if held else {"filed_on": None, "first_signer_forwards": False}
    )
    now = before | facts
    given = Given(session.body, now["title"], now["proposer_type"], now["proposers_count"], names, now["received_on"],
                  now["filed_on"], now["first_signer_forwards"])  # fmt: skip
    for field, (code, params) in faults_of(given).items():
        row.error(code, field, **params)
    old = before | {"signers": signers.get(held.pk, []) if held else None}
    new = facts | {"signers": names}
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    if held and changed and held.state not in CHANGEABLE:
        row.error("not_open", "number", state=held.get_state_display())
    if row.errors or (held and not changed):
        return
    row.new = held is None
    told = {name: value for name, value in changed.items() if name in row.values}
    row.changes = [{"key": name, "old": stored(old.get(name)), "new": stored(value)} for name, value in told.items()]
    line = {"session": session.pk, "number": row.values["number"], "signers": names, "facts": facts}
    plan["new" if held is None else "changed"].append(line)


def _label(row: FlatRow) -> str:
    return " ".join(filter(None, (row.values.get("number", ""), row.values.get("title", ""))))
