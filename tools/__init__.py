"""What `make` calls: set up, run, provide what tests need. No part of the application."""
