"""The practice market."""
