"""All exact pool and bonding-curve maths: integers in, integers out."""
