"""The bodies of the command line; each module lists its commands in `COMMANDS`."""
