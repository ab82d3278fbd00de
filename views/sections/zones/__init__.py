"""The sections of the page of zones and grids."""
