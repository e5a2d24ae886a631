"""Everything that Apprise can reach: chat rooms, phones, and many services more.

Apprise says whether a service took a message, and no more: there is no answer of a server to keep,
no thread to answer in, and no id by which a service could tell a repeat. The id stands in the text.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import apprise

from alerts.channels.channel import Delivered, Outcome, Proof, Retry
from alerts.errors import ChannelSetupError, TemplateError
from alerts.marking import shorten
from alerts.render import Rendered, Renderer
from state.message import Message, MessageType, QueuedMessage

_LONGEST = 20_000
_LONGEST_TAIL = 60  # the id, and what stands around it
_TONES: dict[MessageType, apprise.NotifyType] = {
    "finding.corrected": apprise.NotifyType.SUCCESS,
    "source.recovered": apprise.NotifyType.SUCCESS,
    "delivery.failed": apprise.NotifyType.FAILURE,
    "finding.opened": apprise.NotifyType.WARNING,
    "finding.updated": apprise.NotifyType.WARNING,
    "source.failing": apprise.NotifyType.WARNING,
    "record.stale": apprise.NotifyType.WARNING,
}


@dataclass(frozen=True, slots=True)
class AppriseSettings:
    """A channel of one service.

    Attributes:
        url: As Apprise takes it: ``slack://...``, ``tgram://...``, ``matrixs://...``.
    """

    name: str
    url: str = field(repr=False)


class AppriseChannel:
    """Sends over Apprise; see :class:`alerts.channels.channel.Channel`, and above what it cannot.

    Args:
        settings: Whom.
        renderer: Makes the words.

    Raises:
        ChannelSetupError: Apprise does not understand the address.
    """

    def __init__(self, settings: AppriseSettings, renderer: Renderer) -> None:
        self._settings = settings
        self._renderer = renderer
        self._service = _service(settings)

    @property
    def name(self) -> str:
        """The channel's name in the settings."""
        return self._settings.name

    def send(self, queued: QueuedMessage) -> Outcome:
        """Sends one message once. Apprise tells no refusal for good from one for now."""
        try:
            rendered = self._renderer.render(queued.message.type, queued.message.payload)
        except TemplateError as error:
            return Retry(str(error))
        tail = f"\n\n[{queued.id}]"
        taken = self._service.notify(
            body=shorten(rendered.text.strip(), max(self._room(rendered, len(tail)), 40)) + tail,
            title=self._title(rendered),
            notify_type=_TONES.get(queued.message.type, apprise.NotifyType.INFO),
            body_format=apprise.NotifyFormat.TEXT,
        )
        if taken:
            return Delivered()
        return Retry(f"{self._kind()} did not take it; Apprise does not say why")

    def names_all(self, message: Message) -> bool:
        """Whether the service takes the whole text; a template that is broken is told by send."""
        try:
            rendered = self._renderer.render(message.type, message.payload)
        except TemplateError:
            return True
        return len(rendered.text.strip()) <= self._room(rendered, _LONGEST_TAIL)

    def probe(self) -> Proof:
        """Only that the address is understood: Apprise can do nothing but send."""
        return Proof(
            True, f"{self._kind()}: the address is understood; only sending can prove more"
        )

    def _title(self, rendered: Rendered) -> str:
        return shorten(rendered.subject, self._service.title_maxlen or 250)

    def _room(self, rendered: Rendered, tail: int) -> int:
        """Characters of text that the service takes beside the title and what ends the body."""
        longest: int = min(self._service.body_maxlen, _LONGEST)
        return longest - len(self._title(rendered)) - tail - 2

    def _kind(self) -> str:
        return str(self._service.service_name)


def _service(settings: AppriseSettings) -> apprise.NotifyBase:
    # What Apprise logs holds addresses, and so secrets: it goes to Apprise's own handlers alone.
    logging.getLogger("apprise").propagate = False
    # Not kept in memory beyond the call, never escaped: the text is plain.
    asset = apprise.AppriseAsset(async_mode=False, app_id="waiverwatch")
    service = apprise.Apprise.instantiate(settings.url, asset=asset, suppress_exceptions=True)
    if not isinstance(service, apprise.NotifyBase):
        raise ChannelSetupError("url", "is no address that Apprise knows", settings.name)
    return service
