"""Nothing of a place comes to who may not see it: by page, function, export, frame and cache."""
