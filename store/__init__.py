"""Snapshots of cleaned tables, and the only way to query them: through a scope."""
