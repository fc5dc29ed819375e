"""Everything that is about when."""
