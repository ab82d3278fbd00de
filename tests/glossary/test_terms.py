"""A term is owed for every word shown, and every term is used: checked both ways."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import glossary
from glossary import codes, label, term, terms
from metrics.field_sources import fields_of
from metrics.quality import CHANGES
from metrics.registry import indicators, themes
from rules.checks import LEVELS, SEVERITIES, checks
from rules.parameters import defaults
from rules.registry import rules, systems
from store.schema import TABLES
from views.context.sitemap import PAGES

ROOT = Path(__file__).parents[2]
_SOURCES = [*(ROOT / "views").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "dashboard.py"]
_SOURCES += [*(ROOT / "gate").glob("*.py"), ROOT / "server.py"]
_SOURCES += [ROOT / "rules" / name for name in ("phrases.py", "wording.py")]
_TEXT = "\n".join(path.read_text(encoding="utf8") for path in _SOURCES)
_NAMES = set(re.findall(r"[\"']([a-z][a-z0-9_]*)[\"']", _TEXT))


def test_no_word_is_said_in_two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The later one would be said of both."""
    again = tmp_path / "again.yaml"
    again.write_text("region: {zh: 地区, en: Place}\n", "utf-8")
    monkeypatch.setattr(glossary, "_TERMS", [again, again])
    with pytest.raises(ValueError, match=r"again\.yaml.*region"):
        glossary._program.__wrapped__()


def _owed() -> set[str]:
    columns = {column.name for table in TABLES for column in table.columns}
    units = {column.unit for table in TABLES for column in table.columns if column.unit}
    units |= {indicator.unit for indicator in indicators().values()}
    units |= {parameter.unit for parameter in defaults().values()}
    evidence = {name for rule in rules().values() for name in {*rule.names, *rule.evidence}}
    evidence |= {name for check in checks().values() for name in check.evidence}
    evidence -= {*defaults(), *(rule.column for rule in rules().values())}
    pages = {word for page in PAGES for word in (page.title, page.section) if word}
    found = {f"checked_{level}" for level in LEVELS} | {f"severity_{key}" for key in SEVERITIES}
    found |= {f"change_{key}" for key in CHANGES}
    fields = fields_of(codes(), checks(), (), date(2025, 12, 31)).values()
    found |= {of.named[1] for of in fields if of.named[0] in ("column", "term")}
    return columns | evidence | {f"unit_{unit}" for unit in units} | pages | found


@pytest.mark.parametrize("key", sorted(_owed()))
def test_every_column_unit_and_page_has_a_term(key: str) -> None:
    assert term(key, "zh") and term(key, "en")


def test_every_term_a_page_asks_for_is_declared() -> None:
    asked = set(re.findall(r"\bt\(\s*\"(\w+)\"", _TEXT)) | set(
        re.findall(r"\bterm\(\"(\w+)\"", _TEXT)
    )
    assert asked, "the pattern finds no term at all"
    assert not asked - set(terms())


def test_every_term_is_used() -> None:
    # Keys that a page puts together: ``t(f"state_{key}")``.
    begun = tuple(set(re.findall(r"\bf\"([a-z][a-z0-9]*_(?:[a-z0-9]+_)*)\{", _TEXT)))
    built = {key for key in terms() if key.startswith(("unit_", "page_", *begun))}
    assert not set(terms()) - _NAMES - _owed() - built


def test_every_term_has_both_languages_and_the_same_blanks() -> None:
    for key, words in terms().items():
        assert set(words) == {"zh", "en"}, key
        blanks = [set(re.findall(r"{(\w+)}", words[lang])) for lang in ("zh", "en")]
        assert blanks[0] == blanks[1], key


def test_everything_declared_has_both_names() -> None:
    for declared in [
        *indicators().values(),
        *systems().values(),
        *rules().values(),
        *checks().values(),
        *defaults().values(),
    ]:
        assert declared.zh and declared.en
    assert all(set(words) == {"zh", "en"} for words in themes().values())


def test_every_code_list_of_the_schema_exists_and_reads() -> None:
    lists = {c.codes for table in TABLES for c in table.columns if c.codes}
    assert lists <= set(codes())
    for name in lists:
        for code in codes()[name]:
            assert label(name, code, "zh") and label(name, code, "en")
    assert label("health", None, "zh") == "—"
    with pytest.raises(KeyError):
        label("health", "immortal", "zh")
