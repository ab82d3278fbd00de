"""A layout proposed for a sheet that no layout knows."""
