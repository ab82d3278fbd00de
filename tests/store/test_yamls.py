"""Declarations as YAML: plain types only, faults with their place."""

from __future__ import annotations

import datetime

import pytest
import yaml

from store.yamls import load_yaml


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
