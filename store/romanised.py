"""Chinese names as they are typed without an input method: their pinyin and its initials."""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import islice, product

# Every reading of each character is wanted; its dictionary of phrases would choose one, from 44 MB.
os.environ["PYPINYIN_NO_PHRASES"] = "true"
from pypinyin import Style, pinyin

_MOST = 16  # readings of one name: some of its characters are read in several ways


@lru_cache(16_384)
def initials(name: str) -> tuple[str, ...]:
    """First letters of a name, lower case, in each way that its characters may be read.

    ``长征村`` is both ``czc`` and ``zzc``. What is not Chinese stays as it is.
    """
    return _each(name, Style.FIRST_LETTER)


@lru_cache(16_384)
def spelt(name: str) -> tuple[str, ...]:
    """The whole pinyin of a name without tones, lower case, in each way that it may be read:
    ``绿水村`` is both ``lvshuicun`` and ``lushuicun``."""
    return _each(name, Style.NORMAL)


def _each(name: str, style: Style) -> tuple[str, ...]:
    read = pinyin(name, style=style, heteronym=True, v_to_u=False)
    choices = [list(dict.fromkeys(each)) for each in read]
    return tuple(
        dict.fromkeys(
            "".join(one).replace(" ", "").lower() for one in islice(product(*choices), _MOST)
        )
    )
