"""The table of sentences is complete, and an error survives the way through a queue."""

import pickle
import re

import pytest
from django.utils import translation

from portal.core.lib.dates import DateError
from portal.core.lib.identity import CreditCodeError, IdError, PhoneError
from portal.core.sheets import errors


def test_every_code_of_the_value_readers_has_a_sentence():
    codes = {member.value for kind in (IdError, PhoneError, CreditCodeError, DateError) for member in kind}
    assert codes == set(errors.VALUE)
    assert len(errors.MESSAGES) == len(errors.FILE) + len(errors.HEADER) + len(errors.VALUE)


@pytest.mark.parametrize("code", sorted(errors.MESSAGES))
def test_sentence_ends_and_uses_named_places_only(code):
    with translation.override("zh-hans"):
        sentence = str(errors.MESSAGES[code])
    assert sentence.endswith("。")
    assert re.sub(r"%\([a-z]+\)s", "", sentence).count("%") == 0


def test_error_survives_pickling():
    error = errors.SheetError("too_many_columns", {"row": 3, "column": "BI", "limit": 60}, 3, "BI")
    copy = pickle.loads(pickle.dumps(error))
    assert copy.as_dict() == error.as_dict()
    with translation.override("zh-hans"):
        assert error.as_dict() == {
            "row": 3,
            "column": "BI",
            "code": "too_many_columns",
            "message": "第 3 行在第 BI 列还有内容，最多读取 60 列。请删去右侧多余的内容。",
        }
        assert str(error).startswith("too_many_columns: 第 3 行")
