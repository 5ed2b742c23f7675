"""Fluxdesk: see a launch the moment it happens, and what stands behind it. Importing this package does no work."""

__version__ = "0.1.0"
