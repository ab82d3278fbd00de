"""Sections of the page /problems."""
