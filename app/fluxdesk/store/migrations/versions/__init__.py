"""One module a version, each going one way: the file before it is kept as a backup."""
