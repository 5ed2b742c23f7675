"""The Token screen: candles, trades, holders known so far, links, and the raw transaction behind every trade."""
