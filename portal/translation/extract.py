"""Finds every text that goes through gettext, in Python by its syntax tree and in templates by Django's own lexer."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

PACKAGES = ("portal", "workforce", "ratings", "proposals")
CHINESE = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")

# Function -> positions of context, singular and plural among its arguments.
_SHAPES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)\s*(?:,\s*count\s*)?\)", re.DOTALL)
_TRANSLATED_BLOCKS = ("blocktranslate", "blocktrans", "comment")


@dataclass(frozen=True, order=True)
class Key:
    """What a catalogue knows a text by."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass
class Found:
    """Texts with the files they stand in, and what cannot be translated as it stands."""

    places: dict[Key, set[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, key: Key, place: str) -> None:
        self.places.setdefault(key, set()).add(place)


def find(root: Path) -> Found:
    """Every text of the project under `root`, migrations left out."""
    found = Found()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                _from_python(path.read_text(encoding="utf-8"), str(path.relative_to(root)), found)
    for path in sorted((root / "templates").rglob("*")):
        if path.is_file():
            _from_template(path.read_text(encoding="utf-8"), str(path.relative_to(root)), found)
    return found


def _from_python(source: str, place: str, found: Found) -> None:
    tree = ast.parse(source, place)
    names = dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (function := _called(node.func, names)):
            texts = [_constant(argument) for argument in node.args]
            wanted = [position for position in _SHAPES[function] if position is not None]
            if any(position >= len(texts) or texts[position] is None for position in wanted):
                found.faults.append(f"{place}:{node.lineno}: {function} needs its text written out, not computed.")
                continue
            context, text, plural = (None if position is None else texts[position] for position in _SHAPES[function])
            found.add(Key(text or "", plural or "", context or ""), place)


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Name in this file -> gettext function, also where it was imported as `_` or assigned to another name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in _SHAPES:
            yield from ((target.id, node.value.id) for target in node.targets if isinstance(target, ast.Name))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                if alias.name in _SHAPES:
                    yield alias.asname or alias.name, alias.name


def _called(function: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(function, ast.Name):
        return names.get(function.id)
    if (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "translation"
    ):
        return function.attr if function.attr in _SHAPES else None
    return None


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _from_template(source: str, place: str, found: Found) -> None:
    for function, literals in _CALL.findall(templatize(source, origin=place)):
        texts = [ast.literal_eval(literal) for literal in re.findall(_LITERAL, literals)]
        context, text, plural = _SHAPES["gettext" if function == "_" else function]
        found.add(
            Key(
                texts[text],
                texts[plural] if plural is not None else "",
                texts[context] if context is not None else "",
            ),
            place,
        )
    found.faults += [f"{place}:{line}: “{text}” stands outside {{% translate %}}." for line, text in _bare(source)]


def _bare(source: str) -> Iterator[tuple[int, str]]:
    """Chinese text of a template that no translation tag covers, with its line."""
    inside = ""
    for token in Lexer(source).tokenize():
        words = token.contents.split()
        if token.token_type == TokenType.BLOCK and words:
            if words[0] in _TRANSLATED_BLOCKS and not inside:
                inside = words[0]
            elif words[0] == f"end{inside}":
                inside = ""
        elif token.token_type == TokenType.TEXT and not inside and (hit := CHINESE.search(token.contents)):
            before = token.contents[: hit.start()]
            yield token.lineno + before.count("\n"), token.contents[hit.start() :].split("\n")[0].strip()[:30]
