"""What every feature stands on: database, clock, web habits, form fields, refusals. Knows nothing about audits."""
