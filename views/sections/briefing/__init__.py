"""Sections of the page /briefing."""
