"""What the programmes stand on: a committed database of their own, readers, a world and planted faults."""
