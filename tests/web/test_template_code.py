"""The Python that our templates become, beside what Jinja would have made of them: the same page."""

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from humla.web.template_code import PageEnvironment

OPTIONS = {"autoescape": True, "undefined": StrictUndefined, "extensions": ["jinja2.ext.i18n"]}


class Picture:
    def __html__(self) -> str:
        return "<svg>"


class Amount:
    def __str__(self) -> str:
        return "<3"


TEMPLATES = {
    "values": "{{ words }} {{ safe }} {{ number }} {{ none }} {{ picture }} {{ amount }} {{ words | safe }}",
    "a macro": (
        "{% macro one(a, b='<b>') %}{{ a }}{{ b }}{% endmacro %}{{ one(words) }}{{ one(b=safe, a=1) }}"
    ),
    "its default is worked out": "{% macro one(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ one(words) }}",
    "within another": (
        "{% macro one(a) %}<i>{{ a }}</i>{% endmacro %}"
        "{% macro two(a) %}{{ one(a) }}{{ one(one(a)) }}{% endmacro %}{{ two(words) }}"
    ),
    "a block given to it": (
        "{% macro box(title) %}<p>{{ title }}{{ caller() }}</p>{% endmacro %}"
        "{% call box(words) %}{{ words }}{% endcall %}"
    ),
    "or not": "{% macro box() %}{{ 'yes' if caller is defined else 'no' }}{% endmacro %}{{ box() }}",
    "a block that takes something": (
        "{% macro each(some) %}{% for one in some %}{{ caller(one) }}{% endfor %}{% endmacro %}"
        "{% call(one) each([words, safe]) %}[{{ one }}]{% endcall %}"
    ),
    "whatever it is given": (
        "{% macro any() %}{{ kwargs['class'] }}{{ varargs[0] }}{% endmacro %}{{ any(words, class=words) }}"
    ),
    "handed on": "{% macro one(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ one(*[words], **{'b': safe}) }}",
    "in a loop": (
        "{% macro one(a) %}{{ a }}{% endmacro %}"
        "{% for a in [1, 2] %}{{ one(a) }}{{ loop.cycle('x', 'y') }}{% endfor %}"
    ),
    "methods": "{{ words.upper() }}{{ dict(a=words).get('a') }}{{ safe.join([words, safe]) }}",
    "phrases": (
        "{{ _('Hej %(name)s <', name=words) }}{{ ngettext('%(num)s rad', '%(num)s rader', 2) }}"
        "{{ pgettext('menu', 'Hem') }}"
    ),
    "a text set aside": "{% set a %}<b>{{ words }}</b>{% endset %}{{ a }}{% set b = words %}{{ b }}",
    "not escaped where it is said": "{% autoescape false %}{{ words }}{% endautoescape %}{{ words }}",
}
GIVEN = {
    "words": "<script>'\"&",
    "safe": Markup("<em>"),
    "number": 3,
    "none": None,
    "picture": Picture(),
    "amount": Amount(),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_page_is_the_one_that_jinja_would_make(name):
    pages = []
    for environment in (Environment(**OPTIONS), PageEnvironment(**OPTIONS)):
        environment.install_null_translations(newstyle=True)
        pages.append(environment.from_string(TEMPLATES[name]).render(GIVEN))

    assert pages[0] == pages[1]
    assert name != "values" or "&lt;script&gt;" in pages[1]


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("{% macro one(a) %}{{ a }}{% endmacro %}{{ one() }}", UndefinedError),
        ("{% macro one(a) %}{{ a }}{% endmacro %}{{ one(1, 2) }}", TypeError),
        ("{% macro one(a) %}{{ a }}{% endmacro %}{{ one(b=1) }}", TypeError),
        ("{% macro one(a) %}{{ a }}{% endmacro %}{% call one(1) %}{% endcall %}", TypeError),
        ("{% macro box() %}{{ caller() }}{% endmacro %}{{ box() }}", UndefinedError),
        ("{{ misspelt() }}", UndefinedError),
        ("{{ misspelt }}", UndefinedError),
        ("{{ words.misspelt }}", UndefinedError),
    ],
)
def test_a_mistake_in_a_template_is_an_error(template, error):
    with pytest.raises(error):
        PageEnvironment(**OPTIONS).from_string(template).render(GIVEN)
