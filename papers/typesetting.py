"""What typst sets, in this process, in the Chinese font of this machine, without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from papers import fonts
from papers.fonts import NoFont


def compiled(
    template: Path, told: Mapping[str, Any], form: Literal["pdf", "png"], **options: Any
) -> bytes:
    """A template set with what it is told, as a PDF or its first page as a PNG.

    The template reads ``sys.inputs.told``, JSON with the name of the ``font`` beside what is told;
    texts are set as they stand. Raises NoFont.
    """
    import typst

    font = fonts.drawing()
    if font is None:
        raise NoFont
    data = json.dumps({**told, "font": font}, ensure_ascii=False)
    compiler = typst.Compiler(
        template.read_bytes(), font_paths=fonts.of_system(), sys_inputs={"told": data}
    )
    made = compiler.compile(format=form, **options)
    assert made is not None
    return made[0] if isinstance(made, list) else made
