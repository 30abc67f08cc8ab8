"""What each person should do next. Read only."""
