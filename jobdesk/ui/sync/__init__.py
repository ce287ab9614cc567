"""同步: what went, what came, what waits and why; and the pill in the header."""
