"""Sections of the page /map."""
