"""The innermost ring: frozen types and pure functions. No other ring, no Qt, no network."""
