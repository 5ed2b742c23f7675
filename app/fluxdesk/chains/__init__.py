"""Chain clients and byte decoding. Imports core only."""
