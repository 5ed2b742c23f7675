"""REST and WebSocket on the node's socket."""
