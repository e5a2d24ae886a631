"""E-mail over a real SMTP server: TLS, login, threads, and every way in which it can fail."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from threading import Thread

import pytest

from alerts.channels.channel import Delivered, Refused, Retry
from alerts.channels.email import EmailChannel, EmailSettings, parse_sender, parse_smtp
from alerts.errors import ChannelSetupError
from alerts.payload import finding_data
from alerts.render import Renderer
from state.message import Message, QueuedMessage
from tests.support.alerting import LAW, NOW, stored
from tests.support.smtp import MailServer, mail_server, plain_mail_server

TO = "editor@desk.example"


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    """One server for all tests of this file."""
    with mail_server() as server:
        yield server


@pytest.fixture
def server(running: MailServer) -> MailServer:
    """The server, its mailbox emptied and its script forgotten."""
    box = running.mailbox
    for remembered in (
        box.mails,
        box.envelopes,
        box.recipient_replies,
        box.data_replies,
        box.known,
    ):
        remembered.clear()
    box.quit_reply, box.logins = "221 Bye", 0
    box.drops, box.refuses_known = 0, False
    return running


def channel(
    smtp: str, tls: ssl.SSLContext | None = None, folder: Path | None = None
) -> EmailChannel:
    """A channel to one recipient."""
    settings = EmailSettings("mail", (TO,), "Waiver Watch <watch@desk.example>", smtp, timeout=5)
    return EmailChannel(settings, LAW, Renderer(LAW, folder), lambda: NOW, tls)


def queued(recipient: str = TO, **fields: object) -> QueuedMessage:
    """An alert on its way."""
    payload = finding_data(stored(**fields))
    message = Message("key", "finding.opened", "mail", recipient, payload, NOW, thread="f_1")
    return QueuedMessage("msg_1", message, "leased", 1, NOW)


def test_a_mail_arrives_over_tls_with_login(server: MailServer):
    """The mail is handed in after STARTTLS and login, as text and HTML, with all its headers."""
    outcome = channel(server.url(), server.tls).send(queued())

    assert outcome == Delivered()
    assert server.mailbox.logins == 1
    (mail,) = server.mailbox.to(TO)
    assert mail["Subject"].startswith("Caspian Wire states that Section 907 was repealed")
    assert mail["From"] == "Waiver Watch <watch@desk.example>"
    assert mail["To"] == TO
    assert mail["Message-ID"] == "<msg_1@desk.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "Section 907 <sample.waiverwatch.desk.example>"
    assert mail["Date"].datetime == NOW
    assert mail["In-Reply-To"] is None
    assert ["text/plain", "text/html"] == [p.get_content_type() for p in mail.iter_parts()]
    text = mail.get_body(("plain",))
    assert text is not None and "[repealed]" in text.get_content()


def test_a_later_message_answers_the_first(server: MailServer):
    """A correction refers to the alert that opened the finding."""
    channel(server.url(), server.tls).send(replace(queued(), id="msg_2", in_reply_to="msg_1"))

    (mail,) = server.mailbox.mails
    assert mail["Message-ID"] == "<msg_2@desk.example>"
    assert mail["In-Reply-To"] == mail["References"] == "<msg_1@desk.example>"


@pytest.mark.parametrize(
    "title",
    [
        "a\r\nBcc: x@evil.example\r\n\r\n<script>",
        "\u202eesrever\u202c",
        "T" * 10_000,
        "ABŞ 907-ci düzəlişi ləğv etdi",
        "Поправка отменена \U0001f600",
        "\ud800 half a pair",
        "=?utf-8?q?=0D=0ABcc:_x?=",
        "",
    ],
)
def test_headers_are_safe_for_any_title(server: MailServer, title: str):
    """Whatever a page calls itself, one mail with one recipient and whole headers arrives."""
    outcome = channel(server.url(), server.tls).send(queued(title=title, outlet=title or "x"))

    assert outcome == Delivered()
    (mail,) = server.mailbox.mails
    assert server.mailbox.envelopes == [[TO]]
    assert mail["Bcc"] is None
    assert mail["List-Id"] and mail["Message-ID"] and not mail.defects
    assert not {"\r", "\n", "\u202e"} & set(mail["Subject"])


def test_certificates_are_verified(server: MailServer):
    """A server whose certificate nobody vouches for gets neither password nor mail."""
    outcome = channel(server.url()).send(queued())

    assert isinstance(outcome, Retry) and outcome.channel_down
    assert "certificate" in outcome.error
    assert (server.mailbox.logins, server.mailbox.mails) == (0, [])


def test_a_wrong_password_keeps_the_message(server: MailServer):
    """The operator can mend a password, so the message is kept, and the password not told."""
    outcome = channel(server.url(password="wrong-secret"), server.tls).send(queued())

    assert isinstance(outcome, Retry) and outcome.channel_down
    assert "535" in outcome.error and "wrong-secret" not in outcome.error


def test_a_server_without_tls_gets_no_password(server: MailServer):
    """Where the server wants TLS and the settings do not, nothing is handed in."""
    outcome = channel(server.url(security="none"), server.tls).send(queued())

    assert isinstance(outcome, Retry)
    assert server.mailbox.mails == []


@pytest.mark.parametrize(
    ("reply", "kind"), [("451 try later", Retry), ("550 no such user", Refused)]
)
def test_recipients_are_judged_one_by_one(server: MailServer, reply: str, kind: type):
    """One recipient that is refused, for now or for good, does not touch the other."""
    server.mailbox.recipient_replies["gone@desk.example"] = reply
    mail = channel(server.url(), server.tls)

    outcomes = [mail.send(queued("gone@desk.example")), mail.send(queued())]

    assert isinstance(outcomes[0], kind)
    assert reply in str(outcomes[0])
    assert not (isinstance(outcomes[0], Retry) and outcomes[0].channel_down)
    assert outcomes[1] == Delivered()
    assert len(server.mailbox.to(TO)) == 1


@pytest.mark.parametrize(
    ("reply", "kind"), [("452 disk full", Retry), ("554 content refused", Refused)]
)
def test_the_reply_to_the_content_decides(server: MailServer, reply: str, kind: type):
    """A mail that is turned away after DATA was not delivered."""
    server.mailbox.data_replies.append(reply)

    assert isinstance(channel(server.url(), server.tls).send(queued()), kind)
    assert server.mailbox.mails == []


def test_a_bad_farewell_is_no_failure(server: MailServer):
    """The mail was taken; a server that cannot say goodbye must not get it twice."""
    server.mailbox.quit_reply = "421 going down"

    assert channel(server.url(), server.tls).send(queued()) == Delivered()


def test_a_server_that_is_not_there_is_down():
    """Nobody answers: try again later, and so for every message of the channel."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    outcome = channel(f"smtp://127.0.0.1:{port}?tls=none").send(queued())

    assert isinstance(outcome, Retry) and outcome.channel_down


def test_a_server_that_says_nothing_is_down_in_time():
    """A server that accepts and stays silent is given up after the timeout."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = EmailSettings(
            "mail",
            (TO,),
            "w@desk.example",
            f"smtp://127.0.0.1:{silent.getsockname()[1]}",
            timeout=0.2,
        )
        outcome = EmailChannel(settings, LAW, Renderer(LAW), lambda: NOW).send(queued())

    assert isinstance(outcome, Retry)
    assert "timed out" in outcome.error


# aiosmtpd knows only STARTTLS as TLS when it warns of logins in the clear.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_implicit_tls():
    """A server that speaks TLS from the first byte gets the mail too."""
    with mail_server(implicit_tls=True) as server:
        outcome = channel(server.url(security="implicit"), server.tls).send(queued())

        assert outcome == Delivered()
        assert len(server.mailbox.to(TO)) == 1


def test_a_template_that_fails_keeps_the_message(server: MailServer, tmp_path: Path):
    """A user's template that breaks on a message can be mended: try again later."""
    (tmp_path / "finding.opened").mkdir()
    (tmp_path / "finding.opened/text.txt").write_text(
        "{% if data.id == 'f_1' %}{{ data.nothing }}{% endif %}", encoding="utf-8"
    )

    outcome = channel(server.url(), server.tls, tmp_path).send(queued())

    assert isinstance(outcome, Retry) and not outcome.channel_down
    assert "finding.opened/text.txt" in outcome.error


def test_an_impossible_recipient_is_refused(server: MailServer):
    """What is no address can never be told."""
    outcome = channel(server.url(), server.tls).send(queued("not an\r\naddress"))

    assert isinstance(outcome, Refused)


def test_the_mail_has_no_line_that_a_server_may_break():
    """No line of the mail is longer than SMTP allows, whatever the page holds."""
    mail = channel("smtp://h").compose(
        queued(title="я" * 5000, url="https://x.example/" + "a" * 3000)
    )

    assert max(len(line) for line in mail.as_bytes().split(b"\r\n")) <= 998
    assert message_from_bytes(mail.as_bytes(), policy=default)["Subject"].startswith("Caspian")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://h", ("h", 587, "starttls", None, None)),
        ("smtp://h:465", ("h", 465, "implicit", None, None)),
        ("smtps://h", ("h", 465, "implicit", None, None)),
        ("smtp://h?tls=none", ("h", 25, "none", None, None)),
        ("smtp://a%40b:c%2Fd@h:2525?tls=starttls", ("h", 2525, "starttls", "a@b", "c/d")),
    ],
)
def test_addresses_of_servers(url: str, expected: tuple[object, ...]):
    """Host, port, security and login are read from the address."""
    server = parse_smtp(url)

    assert expected == (server.host, server.port, server.security, server.user, server.password)


@pytest.mark.parametrize(
    "url", ["http://h", "smtp://", "smtp://u:secret@h?tls=maybe", "smtp://h?x=1", "smtp://h:99999"]
)
def test_bad_addresses_of_servers_are_told_without_secrets(url: str):
    """The error names the field and never shows the address."""
    with pytest.raises(ChannelSetupError, match="smtp") as caught:
        parse_smtp(url)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("sender", ["", "nobody", "Name <>", "@x.example"])
def test_a_sender_without_an_address_is_refused(sender: str):
    """A channel that could send as nobody is no channel."""
    with pytest.raises(ChannelSetupError, match="sender"):
        parse_sender(sender)


def test_settings_do_not_show_the_password():
    """The password does not get into logs by way of the settings."""
    assert "secret" not in repr(EmailSettings("m", (TO,), "a@b.example", "smtp://u:secret@h"))
    assert "secret" not in repr(parse_smtp("smtp://u:secret@h"))


def test_the_date_is_that_of_the_try():
    """Each try carries its own time, in UTC."""
    settings = EmailSettings("mail", (TO,), "a@desk.example", "smtp://h")
    later = datetime(2025, 8, 10, tzinfo=UTC)

    mail = EmailChannel(settings, LAW, Renderer(LAW), lambda: later).compose(queued())

    assert mail["Date"].datetime == later


def test_a_connection_that_ends_after_data_repeats_under_the_same_id(server: MailServer):
    """Taken without an answer, a mail is handed in again, and its Message-ID tells so."""
    server.mailbox.drops = 1
    mail = channel(server.url(), server.tls)

    outcomes = [mail.send(replace(queued(), attempts=n)) for n in (1, 2)]

    assert isinstance(outcomes[0], Retry) and outcomes[0].channel_down
    assert outcomes[1] == Delivered()
    assert ["<msg_1@desk.example>"] * 2 == server.mailbox.known


def test_a_server_that_knows_the_message_id_has_it(server: MailServer):
    """A repeat that is refused because it is known was delivered: it is in the mailbox once."""
    server.mailbox.drops, server.mailbox.refuses_known = 1, True
    mail = channel(server.url(), server.tls)

    outcomes = [mail.send(replace(queued(), attempts=n)) for n in (1, 2)]

    assert isinstance(outcomes[0], Retry)
    assert outcomes[1] == Delivered()
    assert (len(server.mailbox.known), len(server.mailbox.mails)) == (2, 1)


def test_a_first_try_that_is_called_a_duplicate_is_no_delivery(server: MailServer):
    """Nothing of ours can be known before it was tried."""
    server.mailbox.data_replies.append("554 duplicate")

    assert isinstance(channel(server.url(), server.tls).send(queued()), Refused)


def test_international_addresses():
    """A domain goes out in ASCII everywhere; a name in any letters where the server takes it."""
    with plain_mail_server(smtputf8=True) as able, plain_mail_server() as unable:
        outcomes = {
            (to, one is able): channel(f"smtp://127.0.0.1:{one.port}?tls=none").send(queued(to))
            for one in (able, unable)
            for to in ("desk@пример.рф", "редакция@пример.рф")
        }

        assert ["desk@xn--e1afmkfd.xn--p1ai"] in unable.mailbox.envelopes
        assert ["редакция@xn--e1afmkfd.xn--p1ai"] in able.mailbox.envelopes
    refused = outcomes.pop(("редакция@пример.рф", False))
    assert isinstance(refused, Refused) and "SMTPUTF8" in refused.error
    assert [Delivered()] * 3 == list(outcomes.values())


def test_a_sender_of_any_letters_has_headers_of_ascii():
    """Message-ID and List-Id hold the sender's domain as every server takes it."""
    settings = EmailSettings("mail", (TO,), "Дозор <watch@пример.рф>", "smtp://h")
    mail = EmailChannel(settings, LAW, Renderer(LAW), lambda: NOW).compose(queued())

    assert mail["Message-ID"] == "<msg_1@xn--e1afmkfd.xn--p1ai>"
    assert "xn--e1afmkfd.xn--p1ai>" in mail["List-Id"]


def dripping(listening: socket.socket, ended: list[float]) -> None:
    """Greets one byte at a time, and never comes to an end."""
    connection, _ = listening.accept()
    begun = time.monotonic()
    with connection, contextlib.suppress(OSError):
        while time.monotonic() - begun < 20:
            connection.sendall(b"2")
            time.sleep(0.05)
    ended.append(time.monotonic() - begun)


@pytest.mark.parametrize("security", ["none", "implicit"])
def test_a_dripping_server_is_given_up_in_time(security: str):
    """A server that sends a byte now and then is left after the total of time."""
    ended: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=dripping, args=(listening, ended))
        thread.start()
        url = f"smtp://127.0.0.1:{listening.getsockname()[1]}?tls={security}"
        settings = EmailSettings("mail", (TO,), "w@desk.example", url, timeout=5, total=0.5)
        outcome = EmailChannel(settings, LAW, Renderer(LAW), lambda: NOW).send(queued())
        thread.join()

    assert isinstance(outcome, Retry) and outcome.channel_down
    assert ended[0] < 5


def test_a_probe_logs_in_and_sends_nothing(server: MailServer):
    """Proving a channel goes as far as the login."""
    proof = channel(server.url(), server.tls).probe()

    assert proof.ok and "STARTTLS" in proof.said and "login as desk" in proof.said
    assert (server.mailbox.logins, server.mailbox.mails) == (1, [])


def test_a_probe_says_what_stands_in_the_way(server: MailServer):
    """A wrong password and an unknown certificate are told, the password is not."""
    wrong = channel(server.url(password="wrong-secret"), server.tls).probe()
    strange = channel(server.url()).probe()

    assert (wrong.ok, strange.ok) == (False, False)
    assert "535" in wrong.said and "wrong-secret" not in wrong.said
    assert "certificate" in strange.said
