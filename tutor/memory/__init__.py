"""When to ask again: study day, scheduling, queue, fitting, simulating."""
