"""The screens. The only floor that knows Qt."""
