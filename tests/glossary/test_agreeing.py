"""English says one of what is counted as one."""

import pytest

from charts.number_format import Measure
from glossary import agreeing, term


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 households moved", "1 household moved"),
        ("21 households are", "21 households are"),
        ("1,001 households have", "1,001 households have"),
        ("0.1 people", "0.1 people"),
        ("1 households are in two groups", "1 household is in two groups"),
        ("2 entries (1 households)", "2 entries (1 household)"),
        ("1 registered households", "1 registered household"),
    ],
)
def test_one_is_one(text: str, said: str) -> None:
    assert agreeing(text) == said


def test_terms_and_measures_agree() -> None:
    values = {"parts": "x", "households": "1", "people": "1"}
    assert term("sentence", "en", **values).endswith("1 household, 1 person")
    measure = Measure("count", "households", "en", "household")
    assert (measure.text(1), measure.text(2)) == ("1 household", "2 households")
