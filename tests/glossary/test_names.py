"""English names of documents and offices: each that the program's registries cite has one."""

from __future__ import annotations

import re

import pytest

from glossary import documents, offices
from loaders.demo.model import projects, screenings, thresholds
from metrics.registry import indicators
from rules.checks import checks
from rules.parameters import in_force
from rules.registry import rules
from store.yamls import read_yaml
from tests.mutants.__main__ import ROOT

_NAMES = read_yaml(ROOT / "glossary" / "names.yaml")


def _cited() -> set[str]:
    values = [v for p in in_force().values() for v in (*p.values, *p.elsewhere)]
    declared = [*indicators().values(), *rules().values(), *checks().values()]
    told = [one.source for one in declared]
    told += [text for value in values for text in (value.source, value.via)]
    return {one for text in (*told, thresholds._SOURCE) for one in re.split("[;;]", text) if one}


def test_every_document_cited_has_an_english_name_and_no_other_has() -> None:
    assert _cited() == set(_NAMES["documents"])


def test_every_office_of_the_demo_has_an_english_name() -> None:
    named = {sieve.unit for sieve in screenings.SIEVES.values()}
    named |= {office for _, kinds in projects._KINDS.values() for *_, office in kinds}
    assert named <= set(_NAMES["offices"])


@pytest.mark.parametrize("kind", ["documents", "offices"])
def test_names_are_english(kind: str) -> None:
    assert not [name for name in _NAMES[kind].values() if re.search("[一-鿿]", name)]


def test_the_chinese_stays_beside_the_english() -> None:
    source = "行政村信息;县民政局文件"
    assert documents(source, "zh") == source
    assert documents(source, "en") == "Villages' records · 行政村信息; 县民政局文件"
    assert documents("", "en") == ""
    assert offices("县水利局、各村、某站", "zh") == "县水利局、各村、某站"
    assert offices("县水利局、各村、某站", "en") == (
        "Water bureau · 县水利局, All villages · 各村, 某站"
    )
