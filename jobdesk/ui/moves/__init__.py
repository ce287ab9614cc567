"""转入转出: requests between stations, who left, one person in two files."""
