"""Indicators: each one declaration, grouped once for every place and year into a small cube."""
