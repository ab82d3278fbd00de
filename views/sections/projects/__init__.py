"""Sections of the page /projects."""
