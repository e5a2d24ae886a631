"""What can be set: frozen models, checked whole."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, SecretStr, model_validator

from crawler.errors import SettingsError
from crawler.searches import SEARCH_KINDS, has_query
from crawler.settings_origin import Location, Origin
from crawler.settings_values import (
    ApiKey,
    Contact,
    Count,
    DatabaseUrl,
    Duration,
    Endpoint,
    ExistingFile,
    ExistingFolder,
    Flag,
    Host,
    Languages,
    Line,
    MailAddresses,
    Networks,
    PageUrl,
    Pattern,
    Period,
    Periods,
    Quiet,
    SecretWebUrl,
    Sender,
    ServiceUrl,
    SigningSecret,
    Size,
    SmtpUrl,
    Texts,
    TimeOfDay,
    WebUrl,
    ZoneName,
)
from crawler.sources import SourceKind

# Official sources change slowly, and answer everybody.
_PACES = {
    "federal_register": timedelta(hours=3),
    "congress": timedelta(hours=6),
    "govinfo": timedelta(hours=12),
    "whitehouse": timedelta(hours=1),
    "uscode": timedelta(days=1),
}


class _Section(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, arbitrary_types_allowed=True
    )


class DatabaseSettings(_Section):
    """Where what is found is kept."""

    url: DatabaseUrl = SecretStr("sqlite:///waiverwatch.db")


class DataSettings(_Section):
    """Which law is watched, and where page bytes go.

    Attributes:
        watch: A built-in watch, or a folder with the same files; None is the default watch.
        lexicons: Wordings of the user's own, which add to the built-in ones.
        templates: Templates of messages that stand before the built-in ones.
        keep_pages: Older pages are deleted, except those of open findings.
    """

    watch: Line | None = None
    archive: Path = Path("archive")
    lexicons: ExistingFolder | None = None
    templates: ExistingFolder | None = None
    keep_pages: Period = timedelta(days=400)


class CrawlSettings(_Section):
    """How pages are fetched."""

    contact: Contact | None = None
    allow_networks: Networks = ()
    concurrency: Count = 16
    per_host_concurrency: Count = 2
    per_host_delay: Duration = timedelta(seconds=1)
    max_page: Size = 3_000_000
    timeout: Period = timedelta(seconds=30)
    revisit: Periods = tuple(
        timedelta(hours=hours) for hours in (1, 6, 24, 3 * 24, 7 * 24, 30 * 24)
    )
    builtin_sources: Flag = True


class ServiceSettings(_Section):
    """What the service does when.

    Attributes:
        digest_when_empty: Whether digest routes get a digest that says that nothing is new.
        burst: So many messages go to one recipient one by one within ``burst_window``; what is
            more becomes one message.
    """

    timezone: ZoneName = "Europe/London"
    deliver_every: Period = timedelta(seconds=30)
    digest_at: TimeOfDay = time(8)
    digest_when_empty: Flag = False
    burst: Count = 5
    burst_window: Period = timedelta(minutes=10)
    http: Endpoint = "127.0.0.1:8907"


class SourceSettings(_Section):
    """One way into an outlet, or an official source.

    Attributes:
        every: How often it is polled; where absent, as often as is fit for its kind.
        outlet: The outlet's name; where absent, the host of ``url``.
        link_pattern: Only links whose address this regular expression finds are followed.
        must_mention: Only links whose title or summary holds one of these words are followed,
            where the source gives a title or summary.
        expect_every: Longer silence than this is a failure.
        site: The outlet's host, where ``url`` lies elsewhere.
        query: What a search is asked for, where ``url`` does not hold it.
        delay: The least wait between two fetches on the host of ``url``.
        country: Of the outlet.
        sure: How sure it is that the address works.
        origin: Where the address was seen; for people.
        caveat: What is known to go wrong with it; told where it fails.
    """

    name: Line
    url: WebUrl
    kind: SourceKind
    langs: Languages = ()
    every: Period = timedelta(minutes=30)
    outlet: Line | None = None
    link_pattern: Pattern | None = None
    must_mention: Texts = ()
    expect_every: Period | None = None
    site: Host | None = None
    query: Line | None = None
    delay: Period | None = None
    country: Line | None = None
    sure: Literal["high", "medium", "low"] | None = None
    origin: Line | None = None
    caveat: Line | None = None
    enabled: Flag = True

    @model_validator(mode="before")
    @classmethod
    def _pace(cls, values: object) -> object:
        if isinstance(values, dict) and values.get("kind") in _PACES:
            return {"every": _PACES[values["kind"]]} | values
        return values

    @model_validator(mode="after")
    def _query_fits(self) -> Self:
        is_search = self.kind in SEARCH_KINDS
        if self.query and not is_search:
            raise ValueError(f"query: a {self.kind} is not asked for anything")
        if is_search and bool(self.query) == has_query(self.kind, self.url):
            raise ValueError("query: is missing" if not self.query else "query: url holds one too")
        return self


class OfficialSettings(_Section):
    """Keys of official sources. A source that needs one and has none is skipped."""

    congress_api_key: ApiKey | None = None
    govinfo_api_key: ApiKey | None = None


class ReviewSettings(_Section):
    """Who publishes what is exported as ClaimReview, and where.

    Attributes:
        url: The page of a finding, with ``{id}`` for the finding's.
    """

    author: Line | None = None
    author_url: WebUrl | None = None
    url: PageUrl | None = None


class EmailChannelSettings(_Section):
    """A channel of e-mail: each address is a recipient of its own.

    Attributes:
        ca_file: Authorities to verify the server by, instead of the system's.
    """

    kind: Literal["email"]
    name: Line
    to: MailAddresses
    sender: Sender
    smtp: SmtpUrl
    ca_file: ExistingFile | None = None


class WebhookChannelSettings(_Section):
    """A channel of signed webhooks to one address.

    Attributes:
        allow_networks: Private networks that may be called, besides those that may be fetched.
        ca_file: Authorities to verify the receiver by, instead of the usual ones.
    """

    kind: Literal["webhook"]
    name: Line
    url: SecretWebUrl
    secret: SigningSecret
    allow_networks: Networks = ()
    ca_file: ExistingFile | None = None


class AppriseChannelSettings(_Section):
    """A channel to a service that Apprise reaches."""

    kind: Literal["apprise"]
    name: Line
    url: ServiceUrl


ChannelSettings = Annotated[
    EmailChannelSettings | WebhookChannelSettings | AppriseChannelSettings,
    Field(discriminator="kind"),
]


class RouteSettings(_Section):
    """Which findings go out over a channel, and when.

    Attributes:
        quiet_passes: What is so severe, or more, goes out in quiet hours too.
    """

    channel: Line
    min_severity: Literal["high", "medium", "low"] = "medium"
    langs: Languages = ()
    outlets: Texts = ()
    rules: Texts = ()
    mode: Literal["immediate", "digest"] = "immediate"
    quiet: Quiet | None = None
    quiet_passes: Literal["high", "medium", "low"] | None = None


class Settings(_Section):
    """Everything that can be set. Secrets are :class:`SecretStr` and never print."""

    database: DatabaseSettings = DatabaseSettings()
    data: DataSettings = DataSettings()
    crawl: CrawlSettings = CrawlSettings()
    service: ServiceSettings = ServiceSettings()
    official: OfficialSettings = OfficialSettings()
    review: ReviewSettings = ReviewSettings()
    source: tuple[SourceSettings, ...] = ()
    channel: tuple[ChannelSettings, ...] = ()
    route: tuple[RouteSettings, ...] = ()
    _origin: Origin = PrivateAttr(default_factory=Origin)

    def model_post_init(self, context: object) -> None:
        """Keeps where the settings were written."""
        if isinstance(context, Origin):
            self._origin = context

    def error(self, location: Location, why: str) -> SettingsError:
        """The error of a setting; see :meth:`crawler.settings_origin.Origin.error`."""
        return self._origin.error(location, why)
