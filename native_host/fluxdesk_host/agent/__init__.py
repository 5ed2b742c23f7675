"""The signing agent: a process that holds keys, decides by policy and signs. It reaches no network."""
