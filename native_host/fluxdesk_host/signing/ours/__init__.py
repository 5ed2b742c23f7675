"""Fluxdesk's own contracts: believed only where an address follows from code that the agent carries itself."""
