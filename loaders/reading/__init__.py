"""Files and folders to sheets: the client of the parser process, and what a file says of itself."""
