"""Sections of the page /quality."""
