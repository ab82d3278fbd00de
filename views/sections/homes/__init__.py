"""Sections of the page of happiness homes."""
