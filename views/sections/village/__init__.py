"""Sections of the page /village."""
