"""The Settings screen, made from the one settings table."""
