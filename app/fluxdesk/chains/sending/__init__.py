"""Payments that are kept until their end is certain, over both families of chains, and never made twice."""
