"""Sections of the page /definitions."""
