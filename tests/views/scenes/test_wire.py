"""What goes over of a scene: all of it once, then what differs, and the browser makes the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.browser.markup import h
from views.scenes import block, wire
from views.scenes.block import Block, Scene

_TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Some of six keys, with any texts, some of them in a box."""
    keys = draw(st.permutations([f"k{number}" for number in range(6)]))
    every = [block.html(key, h("p", draw(_TEXTS))) for key in keys[: draw(st.integers(0, 6))]]
    inside = draw(st.integers(0, len(every)))
    boxed = block.box("box", h("div", cls=draw(_TEXTS)), *every[:inside])
    return Scene((boxed, *every[inside:]), (block.title(draw(_TEXTS)),))


@given(scenes())
def test_a_scene_told_whole_is_read_as_it_is(scene: Scene) -> None:
    sent = wire.message(scene, None, of="o", step=3, query="year=2022&q=~")
    told, made = wire.read(sent)
    assert made == scene
    assert told == wire.Told(scene.id, wire.WHOLE, "o", 3, "year=2022&q=~")


@given(scenes(), scenes())
def test_a_scene_told_against_another_is_read_as_it_is(scene: Scene, base: Scene) -> None:
    told, made = wire.read(wire.message(scene, base, of="o"), base)
    assert made == scene and made.id == scene.id == told.scene and told.base == base.id


def test_what_stayed_costs_nothing_and_a_change_little_more_than_itself() -> None:
    rows = [
        h("tr", h("td", f"村{number}"), h("td", number * 7919 % 10007)) for number in range(400)
    ]
    table = block.html("table", h("table", *rows))
    rows[200] = h("tr", h("td", "村200"), h("td", 31_337))
    other = block.html("table", h("table", *rows))
    before = Scene((table, block.html("head", h("h1", "甲"))))
    assert len(wire.message(before, None, of="o")) > 2000
    renamed = Scene((table, block.html("head", h("h1", "乙"))))
    assert len(wire.message(renamed, before, of="o")) < 150
    assert len(wire.message(Scene((other, *before.blocks[1:])), before, of="o")) < 250


def test_a_scene_longer_than_what_is_looked_back_to_is_read_too() -> None:
    def scene(seed: int) -> Scene:
        return Scene((block.html("a", h("p", " ".join(str(n * seed) for n in range(20_000)))),))

    base, after = scene(7919), scene(104_729)
    assert len(base.held["a"]) > 3 * wire.WINDOW
    assert wire.read(wire.message(after, base, of="o"), base)[1] == after


def test_a_message_told_against_another_scene_is_refused() -> None:
    one, other = (Scene((block.html("a", h("p", text)),)) for text in "甲乙")
    sent = wire.message(one, other, of="o")
    for base in (None, one):
        with pytest.raises(ValueError, match="told against"):
            wire.read(sent, base)


def test_keys_stand_once_and_only_built_markup_is_shown() -> None:
    once = block.html("a", h("p"))
    with pytest.raises(ValueError, match="twice"):
        Scene((once,), (once,))
    with pytest.raises(ValueError, match="twice"):
        Scene((once, block.box("b", h("div"), once)))
    for made in (block.html, block.box):
        with pytest.raises(TypeError, match="markup"):
            made("a", "<p>text</p>")  # type: ignore[arg-type, operator]


def test_the_name_of_a_scene_is_that_of_its_content() -> None:
    def scene(*blocks: Block) -> str:
        return Scene(blocks).id

    one, other = block.html("a", h("p", 1)), block.html("b", h("p", 1))
    boxed = block.box("x", h("div"), one)
    found = {scene(one), scene(other), scene(one, other), scene(other, one), scene(boxed, other)}
    assert len(found) == 5 and scene(one, other) == scene(one, other)
