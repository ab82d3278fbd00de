"""Sections of the page /saved."""
