"""登记人员: the form that opens a file."""
