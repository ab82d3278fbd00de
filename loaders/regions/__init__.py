"""Places: code lists, names in all spellings, successors, schematic and own shapes."""
