"""Sections of the page of the calendar."""
