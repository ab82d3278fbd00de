"""Pages as scenes: what a page shows as data, what of it is sent, and how it stays in step."""
