"""The project file: accounts, their times, and where their tokens come from."""
