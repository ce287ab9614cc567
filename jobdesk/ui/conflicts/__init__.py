"""两处填写不一致: who waits, both versions beside each other, four keys, what was decided."""
