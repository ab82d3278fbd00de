"""Staged rows and the snapshot before to the tables of the next one."""
