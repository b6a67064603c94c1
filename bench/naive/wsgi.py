"""The entry of the naive pages; started with DJANGO_SETTINGS_MODULE=bench.naive.settings."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
