"""Problems written down and followed until they are closed: what people write of them."""
