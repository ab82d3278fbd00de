"""The text of one cell to a value: numbers, days, codes, names, identity numbers."""
