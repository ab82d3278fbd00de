"""A browser's side of the program as Streamlit ships its own, of three files."""

from __future__ import annotations

from pathlib import Path

SCRIPT = "const answer = 42;\n" * 200


def written(folder: Path) -> Path:
    """Write it below a folder; gives its own."""
    made = folder / "static"
    (made / "static" / "js").mkdir(parents=True)
    (made / "static" / "js" / "app.Ab1.js").write_text(SCRIPT)
    (made / "static" / "js" / "photo.png").write_bytes(b"png")
    (made / "index.html").write_text('<script>go()</script><script src="./static/js/app.Ab1.js">')
    return made
