"""Samples of households: how they are drawn, kept and answered, and what follows for all."""
