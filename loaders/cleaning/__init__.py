"""Batches of cells to cleaned records of tables."""
