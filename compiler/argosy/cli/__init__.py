"""The command line: a frame that finds the commands, and the commands, one module each."""
