"""Sections of the page /compare-lists."""
