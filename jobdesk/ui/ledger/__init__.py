"""台账: everybody on the books, found, narrowed, sorted, changed together and taken out."""
