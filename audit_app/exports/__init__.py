"""Files that leave. Read only: no tables of its own."""
