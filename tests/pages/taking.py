"""What a click on a page's export button hands out, fetched as a browser would."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook, load_workbook
from streamlit.testing.v1 import AppTest

from store.handouts import HANDOUTS, Handout


def tokens(app: AppTest) -> list[str]:
    """Of the files that a run told the browser to fetch."""
    drawn = [one.proto for one in app.get("bidi_component")]
    told = [one.bytes.decode() for one in drawn if one.component_name == "taizhang_handout"]
    return [address.rpartition("/")[2] for address in told]


def click(app: AppTest, key: str = "export") -> Handout | None:
    """The file that a button gives; None where the page says why there is none."""
    app.button(key=key).click().run()
    assert not app.exception
    found = tokens(app)
    if not found:
        return None
    (token,) = found
    held = HANDOUTS._held[token]
    taken = HANDOUTS.take(token, held.subject)
    assert taken is held
    return taken


def read(held: Handout | None) -> Workbook:
    """The workbook of a file."""
    assert held is not None
    with held.file as file:
        return load_workbook(BytesIO(file.read()))


def texts(book: Workbook) -> list[str]:
    """Every text of a workbook, those of headers and footers and its sheets' names too."""
    found = list(book.sheetnames)
    for sheet in book:
        found += [
            str(c.value) for row in sheet.iter_rows() for c in row if isinstance(c.value, str)
        ]
        for part in (sheet.oddHeader, sheet.oddFooter):
            found += [one.text for one in (part.left, part.center, part.right) if one.text]
    return found
