"""The sections of each page."""
