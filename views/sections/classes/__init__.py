"""Sections of the page /classes."""
