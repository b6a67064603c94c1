"""Frozen documents in parts by category, and the acts that handed them over.

What another authority reads is never the live plan: it is a part of a frozen document that
somebody released to it under a consent in force.
"""
