"""The words of data/reference/spellings.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml

_FILE = Path(__file__).parents[2] / "data" / "reference" / "spellings.yaml"
# CBaseLoader: to the others a bare `no` is the word for false.
_DECLARED = yaml.load(_FILE.read_text("utf-8"), yaml.CBaseLoader)  # nosec B506

YES = frozenset(_DECLARED["yes"])
NO = frozenset(_DECLARED["no"])
EMPTY = frozenset(_DECLARED["empty"])
ERRORS = frozenset(_DECLARED["errors"])
FORMULA = _DECLARED["formula"]
NO_NAMES = frozenset(_DECLARED["no_names"])
TOTALS = tuple(_DECLARED["totals"])
SUBTOTAL = _DECLARED["subtotal"]
FOOTERS = tuple(_DECLARED["footers"])
