"""The charts and tables that a board reads. Read only: no tables of its own."""
