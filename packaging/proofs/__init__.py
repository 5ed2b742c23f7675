"""The steps of `make prove` that need more than a line."""
