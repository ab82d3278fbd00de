"""Sections of the page /overview."""
