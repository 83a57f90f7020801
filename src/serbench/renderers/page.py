"""What all pages have in common: templates, a style sheet, and a policy that allows the page's own parts only."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from serbench.charts import theme
from serbench.charts.svg import legal


def page(template: str, *, styles: tuple[str, ...], scripts: tuple[str, ...] = (), **values: Any) -> str:
    """Fills a template. What comes from outside is escaped by the template engine.

    The template finds `style`, `script` and `policy`, the Content-Security-Policy that allows these two by their
    digests: nothing is asked of any other place.

    Args:
        template: its name.
        styles: names of style sheets, put behind the theme's.
        scripts: names of scripts, put behind each other: what one declares the later ones can use.
        values: what else the template is given.
    """
    style = theme.css() + "".join(map(_own, styles))
    code = "".join(map(_own, scripts))
    templates = Environment(
        loader=PackageLoader("serbench.renderers"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filled = templates.get_template(template).render(
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(code),  # noqa: S704 - our own file
        policy=_policy(style, code),
        **values,
    )
    return legal(filled)


def _own(name: str) -> str:
    return (importlib.resources.files("serbench.renderers") / "templates" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    parts = ["default-src 'none'", f"style-src {_digest(style)}"]
    parts += [f"script-src {_digest(script)}"] if script else []
    return "; ".join([*parts, "img-src data:", "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
