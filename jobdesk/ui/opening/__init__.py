"""The page shown alone when the station file does not open: the code, the holder, a restore."""
