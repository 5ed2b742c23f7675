"""EVM: logs, receipts, keccak, addresses."""
