"""Letters are set so that no page holds a signature or 版记 alone: closer, wider, or with a paragraph carried over."""

import io
from dataclasses import replace

import pypdf
import pytest

from portal.core.letters.fitting import Fit, fitted
from portal.core.letters.measures import LINES, PITCHES, pitch
from portal.core.letters.paper import Block, Kind, Style, attachment_lines
from portal.core.letters.pdf import fit_of, pdf
from tests.core.letters.samples import ANNEX, JOINT, OPINION, REPLY

LETTER = replace(OPINION, style=Style.LETTER, attachments=())


def lines(count, paper=OPINION):
    """A letter whose text takes so many lines more than its opening."""
    return replace(paper, blocks=(*paper.blocks[:1], *(Block(Kind.PARAGRAPH, "一句话。") for _ in range(count))))


def pages(paper):
    return [page.extract_text().replace(" ", "") for page in pypdf.PdfReader(io.BytesIO(pdf(paper))).pages]


@pytest.mark.parametrize("paper", [OPINION, LETTER, replace(JOINT, annexes=())], ids=["file", "letter", "joint"])
def test_signature_and_imprint_stand_with_text_however_long_the_letter_is(paper):
    for count in range(5, 44, 5):
        shown = pages(lines(count, paper))
        signed = next(page for page in shown if paper.signature in page and "2023年" in page)
        assert "一句话。" in signed, count
        assert "抄送" in shown[-1] and ("一句话。" in shown[-1]), count


def test_usual_letter_keeps_the_usual_pitch():
    assert fit_of(OPINION) == fit_of(REPLY) == Fit()


def test_page_holds_as_many_lines_as_the_pitch_says():
    assert [int(637.8 / pitch(count)) for count in PITCHES] == list(PITCHES)
    assert PITCHES[0] == LINES


def told(**by_lines):
    """Pages by pitch, for letters that nobody has to set."""
    table = {pitch(int(name[1:])): where for name, where in by_lines.items()}
    return lambda fit: table.get(fit.line if not fit.carry else 0.0, {"text": 1, "signed": 2, "imprint": 2})


def test_lines_are_set_closer_before_they_are_set_wider():
    alone, together = {"text": 1, "signed": 1, "imprint": 2}, {"text": 2, "signed": 2, "imprint": 2}
    one = {"text": 1, "signed": 1, "imprint": 1}
    assert fitted(told(l22=alone, l23=one, l21=together), both_sides=False).line == pitch(23)
    assert fitted(told(l22=alone, l23=alone, l21=together), both_sides=False).line == pitch(21)


def test_imprint_stands_on_an_even_page_where_both_sides_are_printed():
    one, two = {"text": 1, "signed": 1, "imprint": 1}, {"text": 2, "signed": 2, "imprint": 2}
    assert fitted(told(l22=one, l21=two), both_sides=True).line == pitch(21)
    assert fitted(told(l22=one), both_sides=True) == Fit(apart=True)


def test_blank_page_and_the_imprint_after_it_bear_no_number():
    full = {"text": 2, "signed": 2, "imprint": 3}
    never = {f"l{count}": full for count in PITCHES}
    assert fitted(told(**never), both_sides=True) == Fit(apart=True, unnumbered_after=2)
    assert fitted(told(**never), both_sides=False) == Fit()


def test_short_letter_has_its_imprint_on_the_back():
    shown = pages(lines(2, replace(OPINION, both_sides=True, attachments=())))
    assert len(shown) == 2
    assert "—1—" in shown[0] and "抄送" not in shown[0]
    assert "抄送" in shown[1] and "—2—" in shown[1]


def test_annexes_stand_between_signature_and_imprint_with_their_names_on_top():
    shown = pages(JOINT)
    first = next(number for number, page in enumerate(shown) if f"附件2\n{attachment_lines(JOINT)[1][2]}" in page)
    assert "2023年7月17日" in shown[first - 1]
    assert "抄送" in shown[-1] and "抄送" not in "".join(shown[:-1])
    assert "附件\n“五社联动”试点项目清单" in pages(ANNEX)[-1]


def test_joint_letter_bears_every_name_in_head_and_signature_and_one_number():
    names = (JOINT.signature, *JOINT.joint)
    text = "".join(pages(JOINT)).replace("\n", "")
    assert [text.count(name) for name in names] == [3, 2, 2, 2, 2]  # the leading unit's office prints it
    assert text.count("〔2023〕") == 1
    alone = "".join(pages(replace(JOINT, style=Style.LETTER, issuer="临山市民政局"))).replace("\n", "")
    assert [alone.count(name) for name in names] == [2, 1, 1, 1, 1]
