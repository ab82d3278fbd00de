"""Dated criteria: parameters with their documents, and rules as where-clauses with evidence."""
