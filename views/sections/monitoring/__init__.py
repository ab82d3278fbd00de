"""Sections of the page /monitoring."""
