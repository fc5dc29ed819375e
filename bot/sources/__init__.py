"""What is fetched or read from outside: files and HTTP."""
