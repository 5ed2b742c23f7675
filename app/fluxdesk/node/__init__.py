"""The node: wires sources to screens and owns their lifecycles. Holds no key, imports no Qt."""
