"""资金: from its sources to its uses, the books of three levels, the boards, each line down to
households."""

from metrics.funds import BOOK_PARTS, PUBLISHED
from views.context.stage import stage
from views.sections.funds import boards, books, line, lines, overview

s = stage("funds")
if s.view.id and s.view.part != PUBLISHED:
    line.show(s)
else:
    overview.choices(s)
    part = s.view.part
    if part is None:
        overview.show(s)
    elif part == "books" or part in BOOK_PARTS:
        books.show(s)
    elif part == "lines":
        lines.show(s)
    else:
        boards.BOARDS[part](s)
