"""Several endpoints of one chain behind one port: which is used, which is not to be believed, and why a call failed."""
