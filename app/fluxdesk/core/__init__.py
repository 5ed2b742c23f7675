"""The innermost ring: frozen types and pure functions. Imports nothing of Fluxdesk outside itself, no Qt, no network."""
