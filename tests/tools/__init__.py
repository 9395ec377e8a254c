"""What `make` calls, tried as a person meets it."""
