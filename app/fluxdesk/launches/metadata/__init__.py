"""What a token's `uri` holds, fetched on demand by the node: text, links, a small picture. Everything in it is hostile
input."""
