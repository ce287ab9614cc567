"""HTTP: addresses, signatures, limits, metrics, pages."""
