"""All exact pool and bonding-curve maths: integers in, integers out.

One module a venue. Nothing here knows an event, an account or a clock; nothing rounds through a float. Every function
says which way it rounds and in whose favour; every amount that leaves a function fits the program's own integer width
or `Overflow` is raised.
"""
