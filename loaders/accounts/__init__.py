"""What became of every row and cell, and what an import changes, asks and reports."""
