"""The simulated county as tables, before anything is written."""
