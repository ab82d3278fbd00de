"""Sections of the page /samples."""
