"""The windows in which the owner decides: signing requests, and browsers that want to pair."""
