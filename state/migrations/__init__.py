"""Migrations of the tables of ``state.tables``, the oldest first; each later table comes by one."""

HEAD = "0007"  # the newest
