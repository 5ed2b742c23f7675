"""Turns compiled contracts into resources/contracts and into typed Python modules."""
