"""Codes that people say to each other on the telephone: case references and temporary codes."""

import secrets

SIGNS = "CDFGHJKMNPQRTVWXYZ234679"
"""No vowels, so that no code becomes a word; nothing that is misheard or misread."""


def spoken_code() -> str:
    """Six random signs in two groups, about 190 million of them: "HX7-4K2"."""
    signs = "".join(secrets.choice(SIGNS) for _one in range(6))
    return f"{signs[:3]}-{signs[3:]}"
