"""EVM transactions and the calls in them."""
