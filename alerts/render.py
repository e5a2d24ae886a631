"""Turns a message into words: subject, plain text and HTML, from templates apart from code."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from alerts.errors import TemplateError
from alerts.law import Law
from alerts.marking import plain, plain_deep, shorten, stretches
from alerts.samples import samples
from state.message import MessageType

Format = Literal["text", "html", "json"]
TEMPLATES = Path(__file__).parent / "templates"
PARTS = ("subject.txt", "text.txt", "html.html")
LONGEST_SUBJECT = 180


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words; the subject is one line."""

    subject: str
    text: str
    html: str


class Renderer:
    """Renders messages of every type. All templates are tried with samples when it is made.

    Templates see ``data`` (the message's payload; a finding also has ``parts``, the sentence with
    its cues), ``law`` and ``type``. They are sandboxed, HTML is escaped, and a name that the data
    does not hold is an error.

    Args:
        law: How messages name the law.
        folder: A user's templates, ``<type>/<part>``, which stand before the built-in ones.

    Raises:
        TemplateError: The folder or a template cannot be used; names the file and line.
    """

    def __init__(self, law: Law, folder: Path | None = None) -> None:
        if folder is not None and not folder.is_dir():
            raise TemplateError(f"{folder}: no such folder of templates")
        if folder is not None:
            _check_names(folder)
        self._law = asdict(law)
        folders = [TEMPLATES] if folder is None else [folder, TEMPLATES]
        self._environment = _environment(folders)
        self._folders = folders
        for kind in get_args(MessageType):
            for part in PARTS:
                self._compile(f"{kind}/{part}")
        for kind in get_args(MessageType):
            for sample in samples(kind):
                self.render(kind, sample)

    def render(self, kind: MessageType, payload: Mapping[str, Any]) -> Rendered:
        """The message in words.

        Raises:
            TemplateError: A template asks for what the payload does not hold.
        """
        context = {"data": _view(payload), "law": self._law, "type": kind}
        subject, text, html = (self._fill(f"{kind}/{part}", context) for part in PARTS)
        return Rendered(shorten(plain(subject).strip(), LONGEST_SUBJECT), text.strip() + "\n", html)

    def _compile(self, name: str) -> None:
        try:
            self._environment.get_template(name)
        except JinjaError as error:
            raise self._error(name, error) from error
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(f"template {name}: {error}") from error

    def _fill(self, name: str, context: Mapping[str, Any]) -> str:
        try:
            return self._environment.get_template(name).render(context)
        # The sandbox lets a template's own mistakes through as they are.
        except (
            JinjaError,
            ArithmeticError,
            AttributeError,
            TypeError,
            ValueError,
            LookupError,
            RecursionError,
        ) as error:
            raise self._error(name, error) from error

    def _error(self, name: str, error: Exception) -> TemplateError:
        """Names the file and line where it went wrong, which may be in a shared template."""
        if isinstance(error, TemplateSyntaxError):
            return TemplateError(f"template {error.filename or name}: line {error.lineno}: {error}")
        roots = tuple(str(folder) for folder in self._folders)
        frames = traceback.extract_tb(error.__traceback__)
        places = [frame for frame in frames if frame.filename.startswith(roots)]
        why = str(error) or type(error).__name__
        if not places:
            return TemplateError(f"template {name}: {why}")
        return TemplateError(f"template {places[-1].filename}: line {places[-1].lineno}: {why}")


def render_digest(data: Mapping[str, Any], form: Format, renderer: Renderer) -> str:
    """The digest in a form for people or programs."""
    if form == "json":
        return json.dumps(data, ensure_ascii=False, indent=2)
    rendered = renderer.render("digest", data)
    return rendered.html if form == "html" else rendered.text


def _check_names(folder: Path) -> None:
    """A folder that no type of message is called by would never be looked into."""
    known = get_args(MessageType)
    for inner in sorted(folder.iterdir()):
        # "_shared" and its like are for what templates include, others for editors and versions.
        if inner.is_dir() and not inner.name.startswith(("_", ".")) and inner.name not in known:
            raise TemplateError(f"{inner}: is no type of message (known: {', '.join(known)})")


def _environment(folders: list[Path]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["link"] = _link
    environment.filters["shorten"] = shorten
    return environment


def _link(url: str | None) -> str:
    """The address where it may be offered as a link: a web address; else nothing."""
    return url if url and url.startswith(("https://", "http://")) else ""


def _view(payload: Mapping[str, Any]) -> Any:
    """The payload made safe to show, each finding with its sentence cut at the cues."""
    return _with_parts(payload, plain_deep(payload))


def _with_parts(raw: Any, safe: Any) -> Any:
    if isinstance(raw, Mapping):
        shown = {key: _with_parts(raw[key], safe[key]) for key in raw}
        if isinstance(raw.get("claim"), Mapping):
            shown["parts"] = stretches(raw["claim"])
        return shown
    if isinstance(raw, (list, tuple)):
        return [_with_parts(one, other) for one, other in zip(raw, safe, strict=True)]
    return safe
