"""公示: what must be published of each list, what is due or was not kept, and the sheet itself."""

from metrics import notices
from views.context.stage import stage
from views.sections.publish import made, objections, places, screen, sheet

s = stage("publish")
found = screen.look(s)
screen.headline(s, found)
match s.view.part:
    case None | "":
        screen.lists(s, found)
        screen.sources(s)
    case screen.PLACES:
        places.draw(s)
    case screen.OBJECTIONS:
        objections.draw(s)
    case notices.OWN_FUNDS:
        made.draw(s, notices.FUNDS, own=True)
    case part if part.startswith("made_"):
        made.draw(s, part.removeprefix("made_"))
    case part:
        sheet.draw(s, part)
