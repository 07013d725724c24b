"""Composition root: builds everything, wires it, owns start and stop."""
