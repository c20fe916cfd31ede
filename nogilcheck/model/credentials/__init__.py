"""Where credentials stand, and how everything that is shown is kept free of them."""
