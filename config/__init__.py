"""How the program is put together: settings, the root of the site map and the WSGI entry."""
