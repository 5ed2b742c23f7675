"""The Wallet screen: first wallet, unlocking, accounts, connections, limits and the log."""
