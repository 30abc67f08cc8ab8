"""What the agreed ratings say together: counts by theme, and findings that rest on named indicators."""
