"""Where a page is: address, page list, choices, and the stage that a page stands on."""
