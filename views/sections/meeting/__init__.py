"""Sections of the page /meeting."""
