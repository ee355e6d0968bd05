"""What PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1) need of a file, as far as it can be seen in the file itself."""

import io
from dataclasses import replace

import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from portal.core.letters.pdf import pdf
from tests.core.letters.samples import ANNEX, JOINT, OPINION

PAPERS = {
    "opinion": OPINION,
    "annex": ANNEX,
    "joint": replace(JOINT, both_sides=True),
    "draft": replace(ANNEX, stamp="草稿"),
}
EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")
FORBIDDEN = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide"}


@pytest.fixture(scope="module", params=PAPERS)
def reader(request):
    return pypdf.PdfReader(io.BytesIO(pdf(PAPERS[request.param])))


def everything(reader):
    """Every object of the file, each once."""
    for number in range(1, reader.trailer["/Size"]):
        try:
            yield reader.get_object(number)
        except pypdf.errors.PdfReadError:
            continue


def elements(node):
    """The elements of the structure tree, in the order of reading."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        for one in node:
            yield from elements(one)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


def test_file_is_what_it_says(reader):
    root = reader.trailer["/Root"]
    said = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2<" in said and "<pdfaid:conformance>A<" in said and "<pdfuaid:part>1<" in said
    assert (root["/MarkInfo"]["/Marked"], root["/MarkInfo"].get("/Suspects", False)) == (True, False)
    assert str(root["/Lang"]) == "zh-CN"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - an object of its own that is always true
    assert reader.xmp_metadata.dc_title["x-default" if "x-default" in reader.xmp_metadata.dc_title else "zh-CN"]
    assert reader.metadata["/Title"]
    assert len(reader.trailer["/ID"]) == 2


def test_nothing_is_encrypted_hidden_or_run(reader):
    assert not reader.is_encrypted and "/Encrypt" not in reader.trailer
    root = reader.trailer["/Root"]
    assert not {"/AA", "/OCProperties", "/AcroForm"} & root.keys()
    for one in everything(reader):
        if isinstance(one, DictionaryObject):
            assert one.get("/S") not in FORBIDDEN or one.get("/Type") == "/StructElem"
            assert "/F" not in one or one.get("/Type") != "/Filespec"
            assert "/LZWDecode" not in str(one.get("/Filter", ""))


def test_every_font_is_embedded_and_tells_its_characters(reader):
    fonts = [one for one in everything(reader) if isinstance(one, DictionaryObject) and one.get("/Type") == "/Font"]
    assert fonts
    for font in fonts:
        if font["/Subtype"] == "/Type0":
            assert "/ToUnicode" in font and font["/Encoding"] in ("/Identity-H", "/Identity-V")
        else:
            descriptor = font["/FontDescriptor"]
            assert any(kind in descriptor for kind in EMBEDDED), font["/BaseFont"]
            assert "+" in font["/BaseFont"]  # of the font only what is used
    assert {font["/Subtype"] for font in fonts} <= {"/Type0", "/CIDFontType0", "/CIDFontType2"}


def test_colours_have_an_output_intent(reader):
    intents = reader.trailer["/Root"]["/OutputIntents"]
    assert [str(one.get_object()["/S"]) for one in intents] == ["/GTS_PDFA1"]
    profile = intents[0].get_object()["/DestOutputProfile"]
    assert profile["/N"] in (1, 3, 4) and profile.get_data()[36:40] == b"acsp"  # the mark of an ICC profile


def test_every_page_has_its_tags_and_its_order_of_keys(reader):
    for page in reader.pages:
        assert page["/StructParents"] >= 0
        assert page.get("/Tabs", "/S") == "/S" and ("/Annots" not in page or "/Tabs" in page)
        content = page.get_contents().get_data()
        assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC") > 0
    assert "/ParentTree" in reader.trailer["/Root"]["/StructTreeRoot"]


def test_structure_begins_with_the_document_and_leaves_no_heading_out(reader):
    tree = reader.trailer["/Root"]["/StructTreeRoot"]
    roles = [str(one["/S"]) for one in elements(tree["/K"])]
    assert roles[0] == "/Document"
    depths = [int(role[2:]) for role in roles if role[:2] == "/H" and role[2:].isdigit()]
    assert depths[:1] in ([], [1])
    assert all(below <= above + 1 for above, below in zip(depths, depths[1:], strict=False))
    for table in (one for one in elements(tree["/K"]) if one["/S"] == "/Table"):
        inside = [str(one["/S"]) for one in elements(table["/K"])]
        assert "/TH" in inside and "/TD" in inside and set(inside) >= {"/TR"}
    for head in (one for one in elements(tree["/K"]) if one["/S"] == "/TH"):
        assert "/Scope" in str(head.get("/A", ""))
