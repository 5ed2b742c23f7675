"""Solana: transactions, logs, base58, accounts."""
