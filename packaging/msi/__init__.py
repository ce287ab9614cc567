"""The installer around the tree."""
