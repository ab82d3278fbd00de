"""Sections of the page /data."""
