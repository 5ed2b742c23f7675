"""Launch tracking: sources, journal, decoders, dedup, views, search."""
