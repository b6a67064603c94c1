"""A printed document as plain text: to copy into a party's own case system, or to take as a file.

Here: the page and the file, one box for each kind of information. Not here: the words
(`humla.plans.paper`), nor who may read them: whoever calls has asked, and put the look on the trail.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from humla.core.document import PrintedDocument
from humla.plans.paper import plain, plain_section
from humla.web.page import render


def plain_copy(
    request: HttpRequest,
    reference: str,
    document: PrintedDocument,
    *,
    name: str,
    back: str,
    came_from: tuple[str, str] | None = None,
) -> HttpResponse:
    """The page with the text, or with `?fil` the file. Its name is a reference, never the person.

    `came_from`: the list that the page was reached from, by name and address.
    """
    if "fil" in request.GET:
        return HttpResponse(
            plain(document).encode(),
            content_type="text/plain; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{name}.txt"',
                "Cache-Control": "no-store",
            },
        )
    boxes = [(str(section.heading), plain_section(section)) for section in document.sections]
    asked = request.GET.copy()
    asked["fil"] = "1"
    list_name, list_url = came_from or (_("Mina ärenden"), reverse("cases"))
    context = {
        "reference": reference,
        "title": document.title,
        "boxes": boxes,
        "file_url": f"?{asked.urlencode()}",
        "list_name": list_name,
        "list_url": list_url,
        "back_url": back,
        "footer": document.footer,
    }
    return render(request, "plans/text.html", context)
