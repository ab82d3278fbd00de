"""Sections of the page /admin."""
