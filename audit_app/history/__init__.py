"""Who did what, when, to what: append-only, no foreign keys to live rows; nobody reads it to decide anything."""
