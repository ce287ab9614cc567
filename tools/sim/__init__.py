"""Desks, wires, clocks and a server in one process from one seed: see docs/how-to/simulator.md."""
