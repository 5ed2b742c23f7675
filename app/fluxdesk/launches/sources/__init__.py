"""Where launches come from: recordings, Solana and EVM endpoints, and what fills the gaps between.

Everything here yields raw bytes with a source id and two clocks and reads no more into them than their slot. Sources
never touch the journal, the store or a screen."""
