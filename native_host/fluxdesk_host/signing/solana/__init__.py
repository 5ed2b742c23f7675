"""Solana transactions and the instructions in them."""
