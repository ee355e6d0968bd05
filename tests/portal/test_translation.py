"""The translation tool on small projects of its own: what it finds, refuses, keeps and compiles."""

import gettext

import pytest

from portal.translation.catalogue import ENGLISH, compile_catalogue, faults, read, update
from portal.translation.extract import Key, find


@pytest.fixture
def project(tmp_path):
    """`project({"portal/a.py": "..."})` writes the files and gives the root."""

    def written(files: dict[str, str]):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return written


def translate(root, texts: dict[str, str]) -> None:
    """Fills the catalogue by hand."""
    path = root / ENGLISH
    content = path.read_text(encoding="utf-8")
    for text, english in texts.items():
        content = content.replace(f'msgid "{text}"\nmsgstr ""', f'msgid "{text}"\nmsgstr "{english}"')
    path.write_text(content, encoding="utf-8")


PYTHON = """
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext_lazy
from django.db.models import TextChoices as T

class State(T):
    OPEN = "open", gettext_lazy("待处理")

a = _("第 %(row)s 行"
      "有误") % {"row": 1}
b = ngettext("%(n)s 人", "%(n)s 人们", 2)
c = pgettext_lazy("import row", "新增")
d = translation.gettext("别处")
_other("不是")
"""
TEMPLATE = """{% load i18n %}{# 注释不算 #}
<h1 title="{% translate '应配' %}">{% translate "缺口 100%" context "head" as title %}</h1>
{% include "x.html" with label=_("标签") only %}{{ value|default:_("无") }}
{% blocktranslate trimmed count n=people %}
  %  共 {{ n }} 人
{% plural %}
  共 {{ n }} 人们
{% endblocktranslate %}
{% comment %}也不算{% endcomment %}
"""


def test_texts_in_python_are_found_by_the_names_they_were_imported_as(project):
    found = find(project({"workforce/a.py": PYTHON, "workforce/migrations/0001.py": PYTHON.replace("待处理", "旧")}))
    assert set(found.places) == {
        Key("待处理"),
        Key("第 %(row)s 行有误"),
        Key("%(n)s 人", "%(n)s 人们"),
        Key("新增", context="import row"),
        Key("别处"),
    }
    assert found.faults == []
    assert set.union(*found.places.values()) == {"workforce/a.py"}


def test_texts_in_templates_are_found_as_django_looks_them_up(project):
    found = find(project({"templates/x/a.html": TEMPLATE}))
    assert set(found.places) == {
        Key("应配"),
        Key("缺口 100%%", context="head"),
        Key("标签"),
        Key("无"),
        Key("%%  共 %(n)s 人", "共 %(n)s 人们"),
    }
    assert found.faults == []


def test_text_outside_a_tag_and_computed_text_are_faults(project):
    code = "from django.utils.translation import gettext as _\nx = _(f'第{1}行')\ny = _(x)\n"
    root = project({"portal/a.py": code, "templates/a.html": "<p>\n{% translate '好' %}，坏</p>\n"})
    assert find(root).faults == [
        "portal/a.py:2: gettext needs its text written out, not computed.",
        "portal/a.py:3: gettext needs its text written out, not computed.",
        "templates/a.html:2: “，坏</p>” stands outside {% translate %}.",
    ]


def test_update_adds_new_texts_keeps_translations_and_drops_unused_ones(project):
    root = project({"templates/a.html": "{% translate '一' %}{% translate '二' %}"})
    assert update(root) == (2, 0)
    translate(root, {"一": "one", "二": "two"})
    assert faults(root) == []
    project({"templates/a.html": "{% translate '二' %}{% translate '三' %}"})
    assert update(root) == (1, 1)
    assert {message.id: message.string for message in read(root) if message.id} == {"二": "two", "三": ""}
    before = (root / ENGLISH).read_bytes()
    assert update(root) == (0, 0)
    assert (root / ENGLISH).read_bytes() == before


def test_every_kind_of_fault_is_listed(project):
    names = "一二三四五"
    root = project(
        {"templates/a.html": "".join(f"{{% blocktranslate %}}{n}{{{{ x }}}}{{% endblocktranslate %}}" for n in names)}
    )
    update(root)
    texts = {"一%(x)s": "one %(x)s", "二%(x)s": "two %(y)s", "三%(x)s": "三 %(x)s", "四%(x)s": "four"}
    translate(root, texts)
    html = (root / "templates/a.html").read_text().replace("一", "六")
    project({"templates/a.html": html + "{% translate 'Plain English' %}"})
    where = "(templates/a.html)"
    assert faults(root) == [
        f"“Plain English” {where}: the text in the code must be Chinese.",
        f"“Plain English” {where}: has no entry; run messages --update.",
        f"“三%(x)s” {where}: its English still holds Chinese.",
        f"“二%(x)s” {where}: placeholders differ: ['%(x)s'] and ['%(y)s'].",
        f"“五%(x)s” {where}: is not translated into English.",
        f"“六%(x)s” {where}: has no entry; run messages --update.",
        f"“四%(x)s” {where}: placeholders differ: ['%(x)s'] and [].",
        "“一%(x)s”: is no longer used; run messages --update.",
    ]


def test_compiled_catalogue_is_read_by_gettext_and_made_only_when_older(project):
    root = project(
        {"portal/a.py": "from django.utils.translation import ngettext\nngettext('%(n)s 人', '%(n)s 人', 1)\n"}
    )
    assert compile_catalogue(root) is None
    update(root)
    path = root / ENGLISH
    path.write_text(
        path.read_text()
        .replace('msgstr[0] ""', 'msgstr[0] "%(n)s person"')
        .replace('msgstr[1] ""', 'msgstr[1] "%(n)s people"')
    )
    target = compile_catalogue(root)
    assert target == path.with_suffix(".mo")
    with target.open("rb") as stream:
        english = gettext.GNUTranslations(stream)
    assert [english.ngettext("%(n)s 人", "%(n)s 人", n) for n in (1, 2)] == ["%(n)s person", "%(n)s people"]
    assert compile_catalogue(root) is None


def test_messages_command_checks_updates_and_compiles(project, run_command, settings):
    settings.BASE_DIR = root = project({"templates/a.html": "{% translate '一' %}"})
    checked = run_command("messages", "--check")
    assert (checked.code, checked.err) == (
        1,
        "“一” (templates/a.html): has no entry; run messages --update.\n1 faults.\n",
    )
    assert run_command("messages", "--update").out == "locale/en/LC_MESSAGES/django.po: 1 texts added, 0 dropped.\n"
    translate(root, {"一": "one"})
    assert run_command("messages", "--check").out == "Every text is translated.\n"
    assert run_command("messages", "--compile").out == "locale/en/LC_MESSAGES/django.mo written.\n"
    assert run_command("messages").code == 2
