"""Speed and memory, beside the raw floor and beside what a user would pick instead. Never a timed test."""
