"""The English catalogue: compared with the texts in use, brought up to date, compiled. Babel reads and writes it."""

import io
import re
from collections import Counter
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from portal.translation.extract import CHINESE, Found, Key, find

ENGLISH = Path("locale/en/LC_MESSAGES/django.po")
# Texts that read the same in every language: the names of the languages themselves.
SAME_EVERYWHERE = {"中文", "English"}
# What a cell of the roster sheet holds is Chinese in every language, and so is a place's name.
CELL_WORDS = re.compile(
    "社区党组织书记|居委会主任|工作人员|劳动合同|服务协议|市辖区|和平区|委员|纳入管理|正职|副职|选举|任命|聘用|是|否|无"
)
_PLACEHOLDER = re.compile(r"%\([^)]*\)[#0\- +]*[\d.]*[a-zA-Z]|%%|%[sdif]|\{[A-Za-z_][^}]*\}")


def faults(root: Path) -> list[str]:
    """Everything that keeps the interface from being complete in both languages; empty when nothing does."""
    found = find(root)
    messages = _messages(read(root))
    listed = list(found.faults)
    for key, places in sorted(found.places.items()):
        where = f"“{key.text}” ({', '.join(sorted(places))})"
        if key.text not in SAME_EVERYWHERE and not CHINESE.search(key.text):
            listed.append(f"{where}: the text in the code must be Chinese.")
        if key not in messages:
            listed.append(f"{where}: has no entry; run messages --update.")
        else:
            listed += [f"{where}: {what}" for what in _judge(key, messages[key])]
    listed += [
        f"“{key.text}”: is no longer used; run messages --update." for key in sorted(set(messages) - set(found.places))
    ]
    return listed


def _judge(key: Key, message: Message) -> list[str]:
    """What is wrong with one translation."""
    strings = [message.string] if isinstance(message.string, str) else list(message.string)
    if not all(strings) or message.fuzzy:
        return ["is not translated into English."]
    wrong = []
    if any(CHINESE.search(CELL_WORDS.sub("", string)) for string in strings) and key.text not in SAME_EVERYWHERE:
        wrong.append("its English still holds Chinese.")
    for original, string in zip((key.text, key.plural or key.text), strings, strict=False):
        if _placeholders(original) != _placeholders(string):
            wrong.append(f"placeholders differ: {sorted(_placeholders(original))} and {sorted(_placeholders(string))}.")
    if any(
        original.endswith("\n") != string.endswith("\n") for original, string in zip((key.text,), strings, strict=False)
    ):
        wrong.append("only one of both ends with a new line.")
    return wrong


def _placeholders(text: str) -> Counter[str]:
    return Counter(_PLACEHOLDER.findall(text))


def read(root: Path) -> Catalog:
    """The catalogue, empty where there is none yet."""
    path = root / ENGLISH
    if not path.exists():
        return Catalog(locale="en", charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale="en", charset="utf-8", abort_invalid=True)


def _messages(catalog: Catalog) -> dict[Key, Message]:
    messages = {}
    for message in catalog:
        if message.id:
            text, plural = message.id if isinstance(message.id, tuple) else (message.id, "")
            messages[Key(text, plural, message.context or "")] = message
    return messages


def update(root: Path) -> tuple[int, int]:
    """Adds texts that are new and drops those no longer used, keeping every translation; numbers of both."""
    found: Found = find(root)
    before = _messages(read(root))
    catalog = Catalog(locale="en", charset="utf-8", fuzzy=False)
    for key, places in sorted(found.places.items(), key=lambda item: (min(item[1]), item[0])):
        catalog.add(
            id=(key.text, key.plural) if key.plural else key.text,
            string=before[key].string if key in before else None,
            context=key.context or None,
            locations=[(place, None) for place in sorted(places)],
        )
    path = root / ENGLISH
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, catalog, width=120, include_lineno=False, omit_header=False, sort_output=False)
    # The dates of the header would differ with every run.
    lines = text.getvalue().decode().splitlines(keepends=True)
    steady = [line for line in lines if not line.startswith(('"POT-Creation-Date:', '"PO-Revision-Date:'))]
    path.write_text("".join(steady), encoding="utf-8")
    return len(set(found.places) - set(before)), len(set(before) - set(found.places))


def compile_catalogue(root: Path) -> Path | None:
    """Writes the .mo beside the catalogue when it is missing or older; its path, or None when nothing was to do."""
    source = root / ENGLISH
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
        return None
    draft = target.with_suffix(".new")
    with draft.open("wb") as stream:
        write_mo(stream, read(root))
    draft.replace(target)
    return target
