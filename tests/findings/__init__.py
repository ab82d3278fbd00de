"""Findings: the machine, what is written, asked, loaded and taken out."""
