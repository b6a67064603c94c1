"""What keeps Humla running: the commands, the embedded database, the walls, the demonstration data.

`./humla <command>` ends in `__main__.py`. `cluster.py` starts PostgreSQL, `install.py` makes roles and
tables, `walls.py` applies and verifies the database's half of the secrecy rule, `supervisor.py` keeps
database, web and worker together, `checks.py` says whether the code may be handed on. Nothing here owns
a table, and nothing here is imported by the concepts.
"""
