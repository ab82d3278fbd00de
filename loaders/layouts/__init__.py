"""What a sheet's columns are: declared layouts, header rows, units, lines that are no records."""
