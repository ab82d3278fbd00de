"""Sections of the relocation page."""
