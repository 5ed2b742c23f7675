"""The C kernel, built at install, and its fallback in NumPy and Python."""
