"""The short forms of the proofs in `prove/`, which run with every test."""
