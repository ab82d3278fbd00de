"""Papers of the office: what a briefing says, and how it is written as slides, document, workbook
and PDF."""
