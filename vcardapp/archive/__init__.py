"""All that is a person's in one file, to take away and to bring along."""
