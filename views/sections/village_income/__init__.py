"""Sections of the page /village-income."""
