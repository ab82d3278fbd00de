"""Sections of the page /household."""
