"""Paper and files: numbers and rows, layout, drawing."""
