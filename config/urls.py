"""The root of the site map; the pages themselves stand in `humla.web.urls`."""

from django.urls import URLPattern, URLResolver

from humla.web import urls

urlpatterns: list[URLPattern | URLResolver] = urls.urlpatterns
handler404 = "humla.web.errors.not_found"
handler500 = "humla.web.errors.broken"
handler403 = "humla.web.errors.not_found"
handler400 = "humla.web.errors.bad_request"
