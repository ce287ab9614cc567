"""What goes to other systems: a port, and files. No provincial interface is public, so none is spoken."""
