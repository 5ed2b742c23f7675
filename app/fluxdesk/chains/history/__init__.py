"""What went in and out of an account: read from the chain in pieces, with a checkpoint, safe in reorganisations."""
