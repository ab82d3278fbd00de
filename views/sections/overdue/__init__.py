"""Sections of the page /overdue."""
