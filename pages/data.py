"""数据: files loaded, snapshots and the way back, rows refused and cells mended."""

from views import data, snapshots, uploads
from views.desk import Desk
from views.stage import stage

s = stage("data")
desk = Desk.of(s)
data.headline(s)
uploads.panel(desk)
snapshots.table(desk)
data.account(s)
data.rows(s)
