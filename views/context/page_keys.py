"""Query keys that several pages follow, and the workplaces that pages stand in."""

from __future__ import annotations

# What every page follows or, where it makes no difference there, hands on to the next.
EVERYWHERE = ("region", "zone", "year", "snapshot", "rules", "lang")
# What says which households a page is about, beside the place and the year.
FILTER = ("indicator", "group", "select", "where", "state", "ledger", "q")
# What any address may hold beside its page's keys: the short link that it was opened by, and which
# version of addresses it is of.
BESIDE = ("link", "v")


# The menu's workplaces, by what people do in them: look at how things stand, check who and why,
# keep the data, the definitions and the rights.
LOOK, CHECK, MANAGE = "section_look", "section_check", "section_manage"
WORKPLACES = (LOOK, CHECK, MANAGE)
# Beside them stands what is saved: views are listed before its page.
SAVED = "section_saved"
