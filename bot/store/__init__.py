"""What the company knows, in SQL: the unit of work and one module for each noun."""
