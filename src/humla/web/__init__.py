"""The surface for people: pages, the door they pass, and the site map.

Owns no tables and asks no permission of its own: a page asks a concept for a query, a rule or an action.
"""
