"""设置: everything a station sets for itself, and the proof that its file holds."""
