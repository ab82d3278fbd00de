"""数据: files loaded, snapshots and the way back, rows refused and cells mended."""

from views.context.desk import Desk
from views.context.stage import stage
from views.parts import county_folder_notice
from views.sections.data import account, snapshots, uploads

s = stage("data")
if s.tab.key == "rows" and s.may("see"):
    account.rows(s)
elif s.may("see"):
    desk = Desk.of(s)
    account.headline(s)
    county_folder_notice.say(s, uploads.broken_layouts(desk.home))
    uploads.panel(desk)
    snapshots.table(desk)
    account.account(s)
else:
    account.own_headline(s)
    account.rows(s)
