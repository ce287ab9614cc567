"""The first page a station sees: its name and place, the recovery code; or restore; or practise."""
