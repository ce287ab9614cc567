"""The practice station: invented people and a year of believable work, in a file of its own."""
