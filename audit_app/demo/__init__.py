"""A believable partnership, built only through the services of the others; and the command that serves it all."""
