"""Puts the concrete parts together: what the rooms below need, made from the settings."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable
from datetime import datetime

from alerts.bursts import Bursts
from alerts.channels.apprise import AppriseChannel, AppriseSettings
from alerts.channels.channel import Channel
from alerts.channels.email import EmailChannel, EmailSettings
from alerts.channels.webhook import WebhookChannel, WebhookSettings
from alerts.dispatcher import Limits
from alerts.errors import ChannelSetupError
from alerts.law import Law
from alerts.render import Renderer
from alerts.routing import Audience, QuietHours, Recipient, Route
from crawler.guessing import did_you_mean
from crawler.limits import CrawlLimits
from crawler.official.parts import Keys, LawNames, OfficialParts
from crawler.settings_schema import (
    AppriseChannelSettings,
    ChannelSettings,
    CrawlSettings,
    EmailChannelSettings,
    RouteSettings,
    Settings,
    SourceSettings,
    WebhookChannelSettings,
)
from crawler.sources import SourceConfig
from crawler.watch import Watch

Clock = Callable[[], datetime]


def audience_of(settings: Settings) -> Audience:
    """Who can be told, and by which routes."""
    return Audience(
        routes=tuple(_route(route, settings.service.timezone) for route in settings.route),
        recipients={
            channel.name: channel.to
            if isinstance(channel, EmailChannelSettings)
            else (channel.name,)
            for channel in settings.channel
        },
    )


def delivery_limits(settings: Settings) -> Limits:
    """How patiently to deliver, and what becomes one message."""
    service = settings.service
    return Limits(bursts=Bursts(service.burst, service.burst_window))


def digest_readers(settings: Settings) -> list[Recipient]:
    """Who gets a digest even where it has nothing to tell."""
    if not settings.service.digest_when_empty:
        return []
    digests = {route.channel for route in settings.route if route.mode == "digest"}
    recipients = audience_of(settings).recipients
    return [(name, one) for name in recipients if name in digests for one in recipients[name]]


def renderer_of(settings: Settings, law: Law) -> Renderer:
    """What makes the words of messages, its templates tried.

    Raises:
        TemplateError: A template cannot be used; names its file and line.
    """
    return Renderer(law, settings.data.templates)


def check_routes(settings: Settings, watch: Watch) -> None:
    """Refuses routes that ask for rules or languages that no finding has, and so take nothing.

    Raises:
        SettingsError: Names the route and the rule or language.
    """
    rules, langs = sorted(rule.id for rule in watch.rules.rule), sorted(watch.reader.languages)
    for index, route in enumerate(settings.route):
        for at, rule in enumerate(route.rules):
            if rule not in rules:
                why = f'"{rule}" is no rule{did_you_mean(rule, rules)}; known: {", ".join(rules)}'
                raise settings.error(("route", index, "rules", at), why)
        for at, lang in enumerate(route.langs):
            if lang not in langs:
                why = f'"{lang}" has no lexicon, so nothing would come; read: {", ".join(langs)}'
                raise settings.error(("route", index, "langs", at), why)


def ready_channels(settings: Settings, watch: Watch, clock: Clock) -> list[Channel]:
    """The channels, once it is known that their routes can take something.

    Raises:
        SettingsError: A channel's settings, or a route's, can never work; names it.
        TemplateError: A template cannot be used; names its file and line.
    """
    check_routes(settings, watch)
    return channels_of(settings, watch.law, clock)


def channels_of(settings: Settings, law: Law, clock: Clock) -> list[Channel]:
    """The channels, ready to send.

    Raises:
        SettingsError: A channel's settings can never work; names the channel.
        TemplateError: A template cannot be used; names its file and line.
    """
    renderer = renderer_of(settings, law)
    channels = []
    for index, channel in enumerate(settings.channel):
        try:
            channels.append(_channel(channel, settings, renderer, law, clock))
        except ChannelSetupError as error:
            raise settings.error(("channel", index, error.key), error.why) from error
    return channels


def limits_of(settings: CrawlSettings) -> CrawlLimits:
    """The bounds of a crawl."""
    return CrawlLimits(
        contact=settings.contact,
        allow_networks=settings.allow_networks,
        concurrency=settings.concurrency,
        per_host_concurrency=settings.per_host_concurrency,
        per_host_delay=settings.per_host_delay,
        max_page=settings.max_page,
        timeout=settings.timeout,
        revisit=settings.revisit,
    )


def source_configs(sources: Iterable[SourceSettings]) -> tuple[SourceConfig, ...]:
    """The sources that are enabled, as the crawl takes them."""
    return tuple(
        SourceConfig(
            name=source.name,
            url=source.url,
            kind=source.kind,
            outlet=source.outlet,
            langs=source.langs,
            every=source.every,
            link_pattern=source.link_pattern,
            must_mention=source.must_mention,
            expect_every=source.expect_every,
            site=source.site,
            query=source.query,
            delay=source.delay,
            caveat=source.caveat,
        )
        for source in sources
        if source.enabled
    )


def official_parts(watch: Watch, settings: Settings) -> OfficialParts | None:
    """What official sources are watched with; None where the watch watches none."""
    if watch.official is None:
        return None
    return OfficialParts(
        data=watch.official,
        names=LawNames(watch.reader, watch.official.words),
        record=watch.record,
        keys=keys_of(settings),
    )


def keys_of(settings: Settings) -> Keys:
    """The keys of official sources."""
    congress, govinfo = settings.official.congress_api_key, settings.official.govinfo_api_key
    return Keys(
        congress=congress.get_secret_value() if congress else None,
        govinfo=govinfo.get_secret_value() if govinfo else None,
    )


def _route(route: RouteSettings, zone: str) -> Route:
    return Route(
        channel=route.channel,
        min_severity=route.min_severity,
        langs=route.langs,
        outlets=route.outlets,
        mode=route.mode,
        quiet=QuietHours(*route.quiet, zone) if route.quiet else None,
        rules=route.rules,
        quiet_passes=route.quiet_passes,
    )


def _channel(
    channel: ChannelSettings, settings: Settings, renderer: Renderer, law: Law, clock: Clock
) -> Channel:
    if isinstance(channel, WebhookChannelSettings):
        return WebhookChannel(_webhook(channel, settings.crawl), clock)
    if isinstance(channel, AppriseChannelSettings):
        service = AppriseSettings(channel.name, channel.url.get_secret_value())
        return AppriseChannel(service, renderer)
    return EmailChannel(_email(channel), law, renderer, clock, _authorities(channel))


def _authorities(channel: EmailChannelSettings) -> ssl.SSLContext | None:
    try:
        return ssl.create_default_context(cafile=channel.ca_file) if channel.ca_file else None
    except OSError as error:
        raise ChannelSetupError("ca_file", "holds no certificates in PEM") from error


def _email(channel: EmailChannelSettings) -> EmailSettings:
    return EmailSettings(channel.name, channel.to, channel.sender, channel.smtp.get_secret_value())


def _webhook(channel: WebhookChannelSettings, crawl: CrawlSettings) -> WebhookSettings:
    networks = (*crawl.allow_networks, *channel.allow_networks)
    return WebhookSettings(
        name=channel.name,
        url=channel.url.get_secret_value(),
        secret=channel.secret.get_secret_value(),
        allow_networks=tuple(str(network) for network in networks),
        ca_file=str(channel.ca_file) if channel.ca_file else None,
    )
