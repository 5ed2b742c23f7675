"""Windows and the stream pipeline."""
