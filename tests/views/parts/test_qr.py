"""The code to scan: its modules are those of the text, with quiet ground around."""

from __future__ import annotations

import re

import segno

from views.parts import qr

TEXT = "https://taizhang.example/s/abcdefgh23"


def test_what_is_drawn_is_the_code_of_the_text() -> None:
    drawn = qr.code(TEXT, "扫码")
    dark = {(int(x) - 4, int(y) - 4) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn)}
    matrix = segno.make_qr(TEXT, error="q").matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, one in enumerate(row) if one}
    assert f'viewbox="0 0 {len(matrix) + 8} {len(matrix) + 8}"' in drawn
    assert 'aria-label="扫码"' in drawn


def test_another_text_is_another_code() -> None:
    assert qr.code(TEXT, "") != qr.code(f"{TEXT}4", "")
