"""The commands, tried as real processes in folders of their own."""
