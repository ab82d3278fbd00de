"""Declarations as YAML: plain types only, faults with their place."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from metrics import registry
from rules import checks, parameters
from rules import registry as rule_registry
from store import schema, yamls
from store.yamls import DeclarationError, load_yaml, read_yaml

ROOT = Path(yamls.__file__).parents[1]


def test_declarations_are_plain_types() -> None:
    text = (
        "{zh: 监测线, from: 2021-01-01, value: 6000, rate: 0.5, weak: true, to: null, of: [a, 1]}"
    )
    assert (
        load_yaml(text)
        == yaml.safe_load(text)
        == {
            "zh": "监测线",
            "from": datetime.date(2021, 1, 1),
            "value": 6000,
            "rate": 0.5,
            "weak": True,
            "to": None,
            "of": ["a", 1],
        }
    )


@pytest.mark.parametrize("text", ["{a: [}", "a: b: c", "!!python/object/apply:os.getcwd []"])
def test_what_is_not_plain_yaml_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as told:
        load_yaml(text)
    assert told.value.problem_mark is not None


@pytest.mark.parametrize(
    ("text", "line"),
    [("a: 1\nb: 2\na: 3\n", 3), ("a:\n  x: 1\n  x: 2\n", 3), ("- {a: 1, b: 2, a: 1}\n", 1)],
)
def test_a_key_written_twice_is_refused_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text(text, encoding="utf8")
    with pytest.raises(DeclarationError, match=rf"^words.yaml:{line}: the key .* written twice"):
        read_yaml(file)
    with pytest.raises(yaml.YAMLError, match="written twice"):
        load_yaml(text)


def test_what_is_no_yaml_is_refused_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("a: 1\nb: [\n", encoding="utf8")
    with pytest.raises(DeclarationError, match=r"^words.yaml:\d: "):
        read_yaml(file)


# What is made or loaded lies in these.
_MADE = {".venv", "build", "raw", "home"}
_DECLARATIONS = [p for p in sorted(ROOT.rglob("*.yaml")) if not _MADE & set(p.parts)]


def test_the_declarations_are_those_of_every_room() -> None:
    rooms = {path.relative_to(ROOT).parts[0] for path in _DECLARATIONS}
    assert rooms >= {"data", "glossary", "metrics", "rules", "store", "tests"}


@pytest.mark.parametrize("path", _DECLARATIONS, ids=lambda p: p.name)
def test_no_declaration_of_the_program_holds_a_key_twice(path: Path) -> None:
    """Read as such, it says the same as to a reader that lets the last of two win."""
    assert read_yaml(path) == yaml.safe_load(path.read_text(encoding="utf8")) != {}


_MISSPELT: list[tuple[Path, str, str, Callable[[Path], object]]] = [
    (ROOT / "metrics/indicators.yaml", "    amung: registered\n", "    among: registered\n",
     lambda file: registry.read(file)),
    (ROOT / "metrics/indicators.yaml", "targat:", "target:", lambda file: registry.read(file)),
    (ROOT / "rules/groups.yaml", "    wehre:", "    where:", rule_registry.read),
    (ROOT / "rules/household_exit.yaml", "\namongst:", "\namong:", rule_registry.read),
    (ROOT / "rules/checks.yaml", "  evidense:", "  evidence:", checks.read),
    (ROOT / "rules/parameters.yaml", "sorce:", "source:", parameters.read),
    (ROOT / "store/schema.yaml", "  publik:", "  public:", lambda f: schema.read(read_yaml(f))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "wrong", "right", "read"),
    _MISSPELT,
    ids=[wrong.strip() for _, wrong, _, _ in _MISSPELT],
)
def test_a_misspelt_key_is_refused_with_file_and_line(
    path: Path, wrong: str, right: str, read: Callable[[Path], object], tmp_path: Path
) -> None:
    text = path.read_text(encoding="utf8")
    at = text.index(right)
    line = text[: at + len(right) - len(right.lstrip("\n"))].count("\n") + 1
    line += 1 if right.startswith("\n") else 0
    file = tmp_path / path.name
    file.write_text(text, encoding="utf8")
    read(file)
    file.write_text(text[:at] + wrong + text[at + len(right) :], encoding="utf8")
    with pytest.raises(DeclarationError) as told:
        read(file)
    said = str(told.value)
    assert said.startswith(f"{path.name}:")
    assert wrong.strip().split(":")[0] in said
    assert abs(int(said.split(":")[1]) - line) <= 1, (said, line)
