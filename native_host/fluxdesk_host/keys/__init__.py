"""Pure key code: words, derivation, addresses, and the exact bytes that are signed. No files, no sockets, no state.

Secrets travel as `secret.Secret`. Libraries are imported inside the functions that need them.
"""
