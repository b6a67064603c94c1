"""Forms as a browser finds them on a page, filled in as somebody in a hurry would.

Lives here: reading forms out of HTML, and giving the fields that a page asks for something plausible. Not
here: sending them (`prove/routes.py`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from uuid import uuid4

_WORDS, _OTHER_WORDS = "Prövas av beviset", "Skrivet samtidigt av en kollega"


@dataclass
class Form:
    """One form: where it goes, and what stands in it. `choices` are the values that can be chosen."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    faulty: list[str] = field(default_factory=list)
    """The fields that the page says must be changed."""

    def filled(self, names: Collection[str], today: date) -> dict[str, list[str]]:
        """What stands in it, with these fields filled in, and a key that nobody has used."""
        sent = {name: list(values) for name, values in self.values.items()}
        for name in names:
            sent[name] = [self._something(name, today)]
        return {**sent, "key": [str(uuid4())]}

    def otherwise(self, sent: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """The same form as somebody else would have written it; empty when nothing in it is written."""
        words = [
            name
            for name, kind in self.kinds.items()
            if kind in ("text", "textarea") and any(sent.get(name, []))
        ]
        return {**sent, **{name: [_OTHER_WORDS] for name in words}, "key": [str(uuid4())]} if words else {}

    @property
    def empty(self) -> list[str]:
        """The fields with nothing in them."""
        return [name for name in self.kinds if not any(self.values.get(name, []))]

    def _something(self, name: str, today: date) -> str:
        if self.choices.get(name):
            return next((one for one in self.choices[name] if one), "")
        said = {
            "date": today.isoformat(),
            "datetime-local": f"{today + timedelta(days=20)}T13:00",
            "time": "13:00",
            "number": "2",
            "checkbox": "on",
            "email": "enhet@myndighet.example",
            "file": "",
        }
        return said.get(self.kinds.get(name, ""), _WORDS)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(told.get("action", ""), told.get("method", "get").lower())
            self.forms.append(self._form)
        form, name = self._form, told.get("name", "")
        if form is None:
            return
        if tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(told.get("value", ""))
            if "selected" in told:
                form.values[self._select] = [told.get("value", "")]
        elif tag == "button" and told.get("formaction"):
            self.forms.append(Form(told["formaction"], "post", form.values, form.choices, form.kinds))
        elif name and "disabled" not in told:
            self._field(form, tag, name, told)

    def _field(self, form: Form, tag: str, name: str, told: dict[str, str]) -> None:
        kind = told.get("type", "text") if tag == "input" else tag
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(told.get("value", "on"))
            if "checked" in told:
                form.values.setdefault(name, []).append(told.get("value", "on"))
        elif tag == "input" and kind != "file":
            form.values[name] = [told.get("value", "")]
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
            form.values[name] = [""]
        if tag in ("input", "select", "textarea") and kind != "hidden":
            form.kinds[name] = kind
            if told.get("aria-invalid") == "true":
                form.faulty.append(name)
        if tag == "button" and told.get("value"):
            form.choices.setdefault(name, []).append(told["value"])

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._textarea:
            before = self._form.values[self._textarea][0]
            self._form.values[self._textarea][0] = before + data if before else data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""


def forms_in(html: str) -> list[Form]:
    """Every form of a page, in its order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms
