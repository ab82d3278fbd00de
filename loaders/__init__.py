"""Raw exports to snapshots: layouts, reading, cleaning, quarantine, the import commands."""
