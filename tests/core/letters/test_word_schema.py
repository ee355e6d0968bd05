"""The Word file as Word's own schema wants it: programs that only read forgive a wrong order of elements, Word does not.

Orders are those of ECMA-376 part 1 (transitional), wml.xsd: CT_PPr, CT_RPr, CT_SectPr, CT_TblPr, CT_TcPr, CT_TblBorders.
"""

import io
from dataclasses import replace
from zipfile import ZipFile

import pytest
from docx.oxml.ns import qn
from lxml import etree

from portal.core.letters.fitting import Fit
from portal.core.letters.paper import Style
from portal.core.letters.word import docx
from tests.core.letters.samples import ANNEX, IMPLEMENTATION, JOINT, OPINION, REPLY

WORD = qn("w:p")[:-1]  # later programs' own elements are free
SIDES = "top left start bottom right end insideH insideV tl2br tr2bl"
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid "
    "spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl "
    "divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish "
    "webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang "
    "eastAsianLayout specVanish oMath",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols "
    "formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
    "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tblBorders": SIDES, "tcBorders": SIDES, "tblCellMar": SIDES, "pBdr": "top left bottom right between bar",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal "
    "personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "tbl": "tblPr tblGrid tr", "tr": "tblPrEx trPr tc", "tc": "tcPr p tbl", "p": "pPr r hyperlink", "body": "p tbl sectPr",
    "settings": "writeProtection view zoom removePersonalInformation embedTrueTypeFonts mirrorMargins bordersDoNotSurroundHeader "
    "bordersDoNotSurroundFooter proofState stylePaneFormatFilter trackRevisions defaultTabStop evenAndOddHeaders "
    "drawingGridHorizontalSpacing drawingGridVerticalSpacing displayHorizontalDrawingGridEvery "
    "displayVerticalDrawingGridEvery doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin "
    "drawingGridVerticalOrigin characterSpacingControl savePreviewPicture doNotValidateAgainstSchema hdrShapeDefaults "
    "footnotePr endnotePr compat docVars rsids mathPr themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats "
    "doNotAutoCompressPictures shapeDefaults decimalSymbol listSeparator",
}  # fmt: skip
MIXED = {"headerReference", "footerReference"}  # a choice: in any order among themselves
REPEATED = {*MIXED, "tr", "tc", "p", "tbl", "r", "tblStylePr", "hyperlink"}
PAPERS = {
    "implementation": IMPLEMENTATION, "reply": REPLY, "opinion": OPINION, "annex": ANNEX, "joint": JOINT,
    "letter": replace(OPINION, style=Style.LETTER, stamp="草稿"), "both_sides": replace(JOINT, both_sides=True),
}  # fmt: skip


@pytest.fixture
def apart(monkeypatch):
    """版记 on the back of a sheet after a blank page, the text wider and a paragraph carried over: everything at once."""
    fit = Fit(30.37, carry=("text", "annex"), apart=True, unnumbered_after=2)
    monkeypatch.setattr("portal.core.letters.word.fit_of", lambda _paper: fit)


def parts(paper):
    with ZipFile(io.BytesIO(docx(paper))) as held:
        names = [name for name in held.namelist() if name.startswith("word/") and name.endswith(".xml")]
        return {name: etree.fromstring(held.read(name)) for name in names if "theme" not in name}


def faults(root):
    """Elements that stand out of the order of their parent, are not known to it, or stand there twice."""
    for kind, order in ORDERS.items():
        wanted = order.split()
        for parent in root.iter(qn(f"w:{kind}")):
            names = [etree.QName(one).localname for one in parent if str(one.tag).startswith(WORD)]
            if kind in ("p", "tc", "body"):  # their content is free after the properties
                names = [name for name in names if name.endswith("Pr")] if names[:1] != ["sectPr"] else names
            yield from (f"{kind}: {name} is not known" for name in set(names) - set(wanted))
            places = [wanted.index("headerReference" if name in MIXED else name) for name in names if name in wanted]
            if places != sorted(places):
                yield f"{kind}: {' '.join(names)}"
            twice = {name for name in names if names.count(name) > 1} - REPEATED
            yield from (f"{kind}: {name} stands twice" for name in twice)


@pytest.mark.parametrize("name", PAPERS)
def test_elements_stand_in_the_order_of_the_schema(name):
    for part, root in parts(PAPERS[name]).items():
        assert list(faults(root)) == [], part


def test_elements_stand_in_order_where_the_imprint_has_a_page_of_its_own(apart):
    for part, root in parts(JOINT).items():
        assert list(faults(root)) == [], part


@pytest.mark.parametrize("name", PAPERS)
def test_every_cell_ends_with_a_paragraph_and_the_file_with_its_section(name):
    body = parts(PAPERS[name])["word/document.xml"][0]
    assert {etree.QName(cell[-1]).localname for cell in body.iter(qn("w:tc"))} <= {"p"}
    assert [etree.QName(one).localname for one in body][-2:] == ["p", "sectPr"]


def test_every_style_and_part_that_is_named_is_there():
    with ZipFile(io.BytesIO(docx(JOINT))) as held:
        document = etree.fromstring(held.read("word/document.xml"))
        styles = etree.fromstring(held.read("word/styles.xml"))
        relations = etree.fromstring(held.read("word/_rels/document.xml.rels"))
    known = {style.get(qn("w:styleId")) for style in styles.iter(qn("w:style"))}
    named = {
        one.get(qn("w:val")) for kind in ("pStyle", "rStyle", "tblStyle") for one in document.iter(qn(f"w:{kind}"))
    }
    assert named <= known
    linked = {
        one.get(qn("r:id")) for kind in ("headerReference", "footerReference") for one in document.iter(qn(f"w:{kind}"))
    }
    assert linked <= {one.get("Id") for one in relations}


def test_numbers_that_word_reads_as_whole_are_whole():
    whole = {
        "w:sz",
        "w:w",
        "w:h",
        "w:pos",
        "w:line",
        "w:before",
        "w:after",
        "w:linePitch",
        "w:charSpace",
        "w:left",
        "w:right",
    }
    for part, root in parts(JOINT).items():
        for element in root.iter():
            for name in whole & {f"w:{etree.QName(key).localname}" for key in element.attrib}:
                value = element.get(qn(name))
                assert value is None or value.lstrip("-").isdigit() or value in ("auto",), (
                    part,
                    element.tag,
                    name,
                    value,
                )
