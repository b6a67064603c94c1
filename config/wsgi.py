"""The entry of the web server. It refuses to serve with the wrong database role or altered walls."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from humla.ops.walls import refuse_to_serve

refuse_to_serve()

# What is loaded now stays: to look through it for garbage at every other page costs a twentieth of the page.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 50)
