"""One folding of look-alikes, for what is loaded and for what is searched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.lookalikes import folded, has_private

RADICALS = [chr(code) for code in range(0x2F00, 0x2FD6)]
COMPATIBILITY = [
    chr(code)
    for code in (*range(0xF900, 0xFAD9), *range(0x2F800, 0x2FA1E))
    if unicodedata.decomposition(chr(code))
]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("⾼⽴⼈", "高立人"),
        ("⻓安⻄⻔", "长安西门"),
        ("\uf9d1", "六"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽 ‧ 买买提", "阿依古丽·买买提"),
        ("一．建设", "一．建设"),
        ("Ａ，（①）", "Ａ，（①）"),
        ("a•b", "a•b"),
        ("·", "·"),
    ],
)
def test_what_looks_the_same_is_the_same(written: str, plain: str) -> None:
    assert folded(written) == plain


def test_every_radical_and_compatibility_ideograph_is_folded() -> None:
    for sign in RADICALS + COMPATIBILITY:
        assert folded(sign) == unicodedata.normalize("NFKC", sign) != sign


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("text", "private"),
    [("\ue000三", True), ("张\U000f1234", True), ("䶮", False), ("张三", False)],
)
def test_characters_of_a_font_of_its_own_are_seen(text: str, private: bool) -> None:
    assert has_private(text) is private
