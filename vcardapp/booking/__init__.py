"""Hours, free times, appointments."""
