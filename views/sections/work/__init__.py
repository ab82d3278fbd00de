"""Sections of the page of industry and work."""
