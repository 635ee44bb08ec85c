"""vcardapp."""
