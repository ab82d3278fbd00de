"""File formats to cells: what runs in the parser process, apart from the rest of the program."""
