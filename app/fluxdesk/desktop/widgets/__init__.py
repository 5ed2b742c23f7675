"""Widgets that more than one screen uses. They know the look and Qt, never the node."""
