"""What our Solana programs take and say, written once: IDL, C header and Python client are made from it."""
