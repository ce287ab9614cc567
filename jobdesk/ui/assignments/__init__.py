"""下发名单: lists from the county, answered line by line and given back."""
