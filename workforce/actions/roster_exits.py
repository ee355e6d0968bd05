"""Exits that a roster sheet tells of: the columns 离职日期 and 离职原因 become records with a typed reason (domain §1.E3).

Works on the temporary table `roster_person` of the import; two statements whatever the number of rows.
"""

from typing import Any

from portal.core.lib.bulk import plan_anew
from workforce.enums import ExitReason

# Words of the column 离职原因 by the reason they stand for, tried in this order; anything else is "other" with the text
# kept as its note.
REASON_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (ExitReason.DEATH, ("去世", "死亡", "病故", "逝世")),
    (ExitReason.NO_CERTIFICATE, ("证书", "持证", "未取证")),
    (ExitReason.FAILED_ASSESSMENT, ("考核",)),
    (ExitReason.RETIREMENT, ("退休",)),
    (ExitReason.DISCIPLINE, ("违纪", "违法", "处分", "辞退", "开除")),
    (ExitReason.NOT_REELECTED, ("换届", "连任", "落选")),
    (ExitReason.TRANSFER_UP, ("公务员", "事业", "国企", "国有企业", "考录", "选聘", "选调", "遴选")),
    (ExitReason.CONTRACT_ENDED, ("合同", "期满", "不续签")),
    (ExitReason.RESIGNATION, ("辞职", "离职", "个人原因")),
)


def reason_sql(text: str) -> str:
    """SQL over the text expression `text`: the typed reason, `other` where no word tells."""
    cases = " ".join(f"WHEN {text} ~ '{'|'.join(words)}' THEN '{reason}'" for reason, words in REASON_WORDS)
    return f"CASE {cases} ELSE '{ExitReason.OTHER}' END"


# A sheet that corrects the last day of the same service corrects its exit; run before the people are written.
_MOVE = """
UPDATE workforce_exit e SET left_on = s.left_on
FROM roster_person s JOIN workforce_person p ON p.id = s.id
WHERE e.person_id = p.id AND NOT e.taken_back AND e.left_on = p.left_on AND s.left_on <> p.left_on
  AND s.hired_on IS NOT DISTINCT FROM p.hired_on"""

# Everybody of the sheet who has left has an exit afterwards; a note that somebody wrote stays with an unchanged reason.
_WRITE = f"""
INSERT INTO workforce_exit AS e (person_id, division_id, hired_on, left_on, reason, note, taken_back)
SELECT p.id, a.division_id, p.hired_on, p.left_on, {reason_sql("p.leaving_reason")}, p.leaving_reason, false
FROM roster_person s
JOIN workforce_person p ON p.id = s.id
JOIN LATERAL (
    SELECT division_id FROM workforce_appointment
    WHERE person_id = p.id AND valid_from <= p.left_on AND valid_to IS DISTINCT FROM valid_from
    ORDER BY valid_to DESC NULLS FIRST, valid_from DESC, id LIMIT 1
) a ON true
WHERE p.left_on IS NOT NULL
ON CONFLICT (person_id, left_on) WHERE NOT taken_back DO UPDATE SET reason = excluded.reason, note = excluded.note
WHERE e.reason <> excluded.reason"""


def move_exits(cursor: Any) -> None:
    """Carries corrected last days over to the exits, while the people still show the old ones."""
    plan_anew(cursor)
    cursor.execute(_MOVE)


def write_exits(cursor: Any) -> None:
    """Records the exits of the sheet, after the people and posts have been written."""
    plan_anew(cursor)
    cursor.execute(_WRITE)
