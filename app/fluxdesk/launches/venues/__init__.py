"""One module a venue: what its program states, as rows."""
