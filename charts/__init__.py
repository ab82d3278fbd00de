"""Plotly figures and pydeck decks: a table in, a figure out, one theme."""
