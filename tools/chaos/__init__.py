"""Real processes, a bad line, deaths and restores; at the end nothing is lost, doubled or stuck."""
