"""Sections of the page /ledgers."""
