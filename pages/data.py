"""数据: files loaded, snapshots and the way back, rows refused and cells mended."""

from views import county_folder, data, snapshots, uploads
from views.desk import Desk
from views.stage import stage

s = stage("data")
desk = Desk.of(s)
data.headline(s)
county_folder.say(s, uploads.broken_layouts(desk.home))
uploads.panel(desk)
snapshots.table(desk)
data.account(s)
data.rows(s)
