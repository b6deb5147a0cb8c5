"""One module a command-line verb, each with `run(args, place) -> int`."""
