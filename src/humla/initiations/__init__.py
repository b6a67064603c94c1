"""Somebody asks for a plan: the person herself, somebody with her, or a professional who may not start one.

A request comes to one unit, which takes it over or says no with a ground and what to do instead, within the
days that the agreement gives. Whoever asks without an account gets a number and a code, and sees with them
where it stands. It is about a person whom nobody may know yet: only the unit that it came to reads it, and
what is said of her in it is emptied some months after the answer.
"""
