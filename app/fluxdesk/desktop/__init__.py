"""The desktop: shows what the node knows and asks the user. Reaches no network, holds no key, never blocks its
loop over 16 ms.
"""
