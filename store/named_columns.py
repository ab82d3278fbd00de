"""Which columns a query may mean, so that no others are asked of the relations it reads.

A relation with a hundred columns, of which some are masked by an expression, costs more to bind
than what most queries then do with the three that they name.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RELATION = re.compile(r"\{\w+\}(?:\s+AS\s+(\w+))?", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_COUNTS_ROWS = re.compile(r"\bCOUNT\s*\(\s*\*\s*\)", re.IGNORECASE)
# All columns without a name: a star that is no product, a row of all that follows FROM, a join by
# the names that both sides have.
_ALL = re.compile(
    r"(?:\bSELECT|\bDISTINCT|\bALL|[.,(])\s*\*|\bCOLUMNS\s*\(|\bNATURAL\b|\bTABLE\s+\{"
    r"|(?:^|\(|\b(?:UNION|ALL|EXCEPT|INTERSECT|NAME))\s*FROM\s+\{",
    re.IGNORECASE,
)


@lru_cache(maxsize=2048)
def named_columns(sql: str) -> frozenset[str] | None:
    """Every word of a query, in lower case: a column that is none of them is not meant. None where
    columns may be meant that are not named.

    ``sql`` names its relations in braces, as ``Reader.arrow`` takes it.
    """
    aliases = {alias.lower() for alias in _RELATION.findall(sql) if alias}
    rest = _COUNTS_ROWS.sub(" ", sql)
    if _ALL.search(rest):
        return None
    rest = _RELATION.sub(" ", rest)
    # A relation's name that stands alone is a whole row.
    if any(re.search(rf"\b{alias}\b(?!\s*\.)", rest, re.IGNORECASE) for alias in aliases):
        return None
    return frozenset(word.lower() for word in _WORD.findall(rest))
