"""Sections of the page /dynamics."""
