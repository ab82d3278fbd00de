"""Sections of the page of targets and pace."""
