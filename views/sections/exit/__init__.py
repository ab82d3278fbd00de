"""Sections of the page /exit."""
