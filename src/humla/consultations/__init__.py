"""Consultations: a colleague talks a case through with the SIP-samordnare, without naming anybody.

Counted from the first day (S4: 165 in a year), whatever they lead to; some lead to a case.
"""
