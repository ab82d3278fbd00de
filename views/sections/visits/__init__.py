"""Sections of the page of visits and of cadres in the villages."""
