"""Rules that come as files: the presets of the source documents, or files of the same form (data/README.md)."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from portal.core.lib.codes import candidates
from portal.core.policy.actions import set_rule
from portal.core.policy.kinds import KINDS
from portal.core.policy.models import PolicyRule
from portal.core.territory.models import Division

PRESETS = Path(__file__).parent / "data"
_FILE_KEYS = {"document", "rules"}
_ENTERED = ("kind", "valid_from", "valid_to", "value", "document", "article")
_REQUIRED = {"kind", "division", "valid_from", "value"}
_OPTIONAL = {"valid_to", "article", "document"}


class PresetError(Exception):
    """A file that is no list of rules; the text names file and rule."""


@dataclass(frozen=True)
class Preset:
    """One rule of a file; `division` '' is the whole country, `valid_to` the first day without it."""

    kind: str
    division: str
    valid_from: date
    value: dict
    document: str
    article: str
    valid_to: date | None

    def __str__(self) -> str:
        return f"{self.kind} {self.division or 'national'} {self.valid_from}"


@dataclass
class Loaded:
    """What loading did: the rules entered, how many were there, and those whose division is not in the database."""

    entered: list[PolicyRule] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[str] = field(default_factory=list)

    def facts(self) -> dict:
        """Numbers for the answer of a command."""
        return {"added": len(self.entered), "unchanged": self.unchanged, "skipped": self.skipped}


def read_presets(path: Path) -> list[Preset]:
    """The rules of one file. Raises PresetError naming the first fault."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PresetError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise PresetError(f"{path} is not JSON: {error}.") from error
    if not isinstance(content, dict) or set(content) != _FILE_KEYS or not isinstance(content["rules"], list):
        raise PresetError(f'{path} must hold one object with "document" and a list "rules".')
    document = _document(content["document"], str(path))
    return [_preset(rule, document, f"{path}, rule {number}") for number, rule in enumerate(content["rules"], 1)]


def _document(name: object, where: str) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= 200:
        raise PresetError(f"{where}: the document must be named in 1 to 200 characters.")
    return name


def _preset(rule: object, document: str, where: str) -> Preset:
    if not isinstance(rule, dict) or not set(rule) >= _REQUIRED or set(rule) - _REQUIRED - _OPTIONAL:
        raise PresetError(f"{where}: give {', '.join(sorted(_REQUIRED))}, and at most {', '.join(sorted(_OPTIONAL))}.")
    if rule["kind"] not in KINDS:
        raise PresetError(f"{where}: there is no kind {rule['kind']!r}; there are {', '.join(KINDS)}.")
    try:
        value = KINDS[rule["kind"]].clean(rule["value"])
        days = [date.fromisoformat(rule[key]) if rule.get(key) else None for key in ("valid_from", "valid_to")]
    except ValidationError as error:
        raise PresetError(f"{where}: {' '.join(error.messages)}") from error
    except (TypeError, ValueError) as error:
        raise PresetError(f"{where}: write days as 2022-09-29 ({error}).") from error
    article, code = rule.get("article", ""), rule["division"]
    if days[0] is None or not isinstance(article, str) or len(article) > 100 or not isinstance(code, str):
        raise PresetError(f"{where}: valid_from is a day, division a code or empty, article at most 100 characters.")
    named = _document(rule.get("document", document), where)
    return Preset(rule["kind"], code, days[0], value, named, article, days[1])


@transaction.atomic
def load_presets(presets: list[Preset], *, by) -> Loaded:
    """Enters the rules that are not there yet, in the order of their days; one that is there is left as it is.

    A rule that was ended or followed by another since counts as there. Raises PresetError where a rule of the same
    kind, place and day says something else, and ValidationError where a rule would overlap another.
    """
    loaded = Loaded()
    for preset in sorted(presets, key=lambda preset: preset.valid_from):
        division = _division(preset.division)
        if preset.division and division is None:
            loaded.skipped.append(str(preset))
            continue
        there = PolicyRule.objects.filter(kind=preset.kind, division=division, valid_from=preset.valid_from).first()
        if there is None:
            entry = {name: getattr(preset, name) for name in _ENTERED}
            loaded.entered.append(set_rule(division=division, by=by, **entry))
        elif (there.value, there.document) == (preset.value, preset.document):
            loaded.unchanged += 1
        else:
            raise PresetError(
                f"{preset}: another rule is in the database ({there.value}, {there.document}); nothing was changed."
            )
    return loaded


def _division(code: str) -> Division | None:
    found = Division.objects.in_bulk(candidates(code))
    return next((found[candidate] for candidate in candidates(code) if candidate in found), None)
