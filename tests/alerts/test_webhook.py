"""Webhooks to a real receiver that verifies the signature, and every answer it can give."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import trustme

from alerts.channels.channel import Delivered, Gone, Refused, Retry
from alerts.channels.webhook import WebhookChannel, WebhookSettings, body_of
from alerts.errors import ChannelSetupError
from alerts.payload import finding_data
from state.message import Message, QueuedMessage
from tests.support.alerting import NOW, claim, stored
from tests.support.webhooks import SECRET, Receiver, webhook_receiver

LOOPBACK = ("127.0.0.0/8", "::1/128")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver on loopback."""
    with webhook_receiver() as running:
        yield running


def now() -> datetime:
    """The true time: the receiver refuses old signatures."""
    return datetime.now(UTC)


def channel(url: str, **fields: object) -> WebhookChannel:
    """A channel that may call loopback."""
    settings = WebhookSettings("hook", url, SECRET, LOOPBACK, timeout=5)
    return WebhookChannel(replace(settings, **fields), now)  # type: ignore[arg-type]


def queued(**fields: object) -> QueuedMessage:
    """An alert on its way."""
    payload = finding_data(stored(**fields))
    message = Message("key", "finding.opened", "hook", "hook", payload, NOW, thread="f_1")
    return QueuedMessage("msg_1", message, "leased", 1, NOW)


def test_a_signed_call_arrives(receiver: Receiver):
    """The receiver verifies the call and finds type, time and the finding."""
    outcome = channel(receiver.url).send(queued())

    assert outcome == Delivered()
    assert receiver.ids == ["msg_1"]
    (body,) = receiver.bodies
    assert body == {
        "type": "finding.opened",
        "timestamp": "2025-08-09T12:00:00Z",
        "data": json.loads(json.dumps(finding_data(stored()))),
    }


def test_a_wrong_secret_is_refused_by_the_receiver(receiver: Receiver):
    """With another key the receiver answers 401; the message is kept, as a key can be mended."""
    receiver.secret = "whsec_" + "QUJD" * 8

    outcome = channel(receiver.url).send(queued())

    assert isinstance(outcome, Retry)
    assert (receiver.rejected, receiver.bodies) == (1, [])


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_2xx_is_delivered(receiver: Receiver, status: int):
    """Every 2xx is a receipt."""
    receiver.answers.append((status, {}))

    assert channel(receiver.url).send(queued()) == Delivered()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
def test_a_busy_receiver_is_tried_again(receiver: Receiver, status: int):
    """429 and 5xx mean later, and the receiver's wish is heard."""
    receiver.answers.append((status, {"Retry-After": "120"}))

    outcome = channel(receiver.url).send(queued())

    assert isinstance(outcome, Retry)
    assert outcome.after == timedelta(minutes=2)
    assert str(status) in outcome.error


def test_retry_after_may_be_a_date(receiver: Receiver):
    """A date is a wish as well; nonsense is none."""
    receiver.answers += [
        (503, {"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}),
        (503, {"Retry-After": "soon"}),
        (503, {"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}),
    ]

    waits = [channel(receiver.url).send(queued()) for _ in range(3)]

    assert isinstance(waits[0], Retry) and waits[0].after and waits[0].after > timedelta(days=9999)
    assert isinstance(waits[1], Retry) and waits[1].after is None
    assert isinstance(waits[2], Retry) and waits[2].after == timedelta(0)


def test_410_disables(receiver: Receiver):
    """A receiver that is gone wants no message any more."""
    receiver.answers.append((410, {}))

    assert isinstance(channel(receiver.url).send(queued()), Gone)


@pytest.mark.parametrize("status", [401, 403, 404, 405])
def test_what_settings_can_mend_keeps_the_message(receiver: Receiver, status: int):
    """A wrong secret or address is mended by a line, and the message is kept until then."""
    receiver.answers.append((status, {}))

    outcome = channel(receiver.url).send(queued())

    assert isinstance(outcome, Retry) and outcome.channel_down
    assert str(status) in outcome.error


@pytest.mark.parametrize("status", [400, 413, 422])
def test_other_4xx_are_refusals(receiver: Receiver, status: int):
    """A receiver that cannot use the message will not be able to later."""
    receiver.answers.append((status, {}))

    assert isinstance(channel(receiver.url).send(queued()), Refused)


def test_redirects_are_not_followed(receiver: Receiver):
    """A redirect is no receipt, and nobody else is told."""
    with webhook_receiver() as other:
        receiver.answers.append((307, {"Location": other.url}))

        outcome = channel(receiver.url).send(queued())

        assert isinstance(outcome, Retry)
        assert other.ids == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f.1"])
def test_private_addresses_are_refused_at_connect(receiver: Receiver, host: str):
    """Without leave, no way of writing loopback gets a connection; the message is kept."""
    url = receiver.url.replace("127.0.0.1", host)

    outcome = channel(url, allow_networks=()).send(queued())

    assert isinstance(outcome, Retry)
    assert receiver.ids == []


def test_the_refusal_names_the_address_and_not_the_path(receiver: Receiver):
    """The operator learns where the name led; the path, often a secret, is not told."""
    outcome = channel(receiver.url, allow_networks=()).send(queued())

    assert isinstance(outcome, Retry)
    assert "127.0.0.1" in outcome.error and "hook" not in outcome.error


def test_the_address_that_was_checked_is_the_one_called(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    """A name is resolved once: a second, private answer of the name server finds no use."""
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    real = socket.getaddrinfo
    dialled: list[str] = []

    def resolve(host: str, port: int, *args: object, **kwargs: object) -> object:
        if host == "rebind.example":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0)[0], port))]
        dialled.append(host)
        raise socket.gaierror("no network in tests") if host != "127.0.0.1" else real(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    url = receiver.url.replace("127.0.0.1", "rebind.example")

    outcome = channel(url, allow_networks=()).send(queued())

    assert isinstance(outcome, Retry)
    assert (dialled, receiver.ids) == (["93.184.216.34"], [])


def test_one_private_address_among_many_refuses_the_name(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    """A name that leads to a public and to a private address is not called at all."""
    mixed = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
        for address in ("93.184.216.34", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: mixed)

    outcome = channel("http://mixed.example/").send(queued())

    assert isinstance(outcome, Retry)
    assert "10.0.0.1" in outcome.error


def test_the_environment_s_proxy_is_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch):
    """A proxy in the environment would connect where it likes."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert channel(receiver.url).send(queued()) == Delivered()


def test_nobody_answers():
    """A closed port means later, for the whole channel, in words without the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    outcome = channel(f"http://127.0.0.1:{port}/secret-path").send(queued())

    assert isinstance(outcome, Retry) and outcome.channel_down
    assert "secret-path" not in outcome.error


def test_a_receiver_that_says_nothing_is_given_up_in_time():
    """A silent receiver is tried again later."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"

        outcome = channel(url, timeout=0.2).send(queued())

    assert isinstance(outcome, Retry)
    assert outcome.error == "no answer in time"


def test_an_endless_answer_is_not_read():
    """The answer's status is enough; its body may go on for ever."""
    server = socket.create_server(("127.0.0.1", 0))

    def pour() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            try:
                for _ in range(100_000):
                    connection.sendall(b"x" * 65536)
            except OSError:
                pass

    thread = Thread(target=pour)
    thread.start()
    try:
        outcome = channel(f"http://127.0.0.1:{server.getsockname()[1]}/").send(queued())
    finally:
        thread.join(timeout=10)
        server.close()

    assert outcome == Delivered()
    assert not thread.is_alive()


@pytest.mark.parametrize(
    "fields",
    [
        {"claim": claim(sentence="ж" * 30_000)},
        {"copies": tuple((f"Outlet {n}", f"https://{n}.example/" + "a" * 300) for n in range(500))},
        {"title": "t" * 50_000, "outlet": "o" * 50_000, "message": "m" * 50_000},
        {"url": "https://x.example/" + "u" * 40_000},
        {"title": "\ud800" * 30_000},
    ],
)
def test_bodies_stay_below_20_kb(receiver: Receiver, fields: dict[str, object]):
    """However much a page holds, the body is short, says that it was cut, and verifies."""
    outcome = channel(receiver.url).send(queued(**fields))

    assert outcome == Delivered()
    assert receiver.sizes[0] < 20_000
    (body,) = receiver.bodies
    assert body["data"]["truncated"] is True
    assert body["data"]["id"] == "f_1"


def test_a_short_body_is_whole():
    """What fits is not cut, and the same message has the same body on every try."""
    body = body_of(queued())

    assert "truncated" not in json.loads(body)["data"]
    assert body == body_of(replace(queued(), attempts=7))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"secret": "whsec_"}, "secret"),
        ({"secret": "whsec_%%%"}, "secret"),
        ({"allow_networks": ("loopback",)}, "allow_networks"),
    ],
)
def test_settings_that_never_work_are_told_at_start(fields: dict[str, object], field: str):
    """The error names channel and field, and not the secret."""
    with pytest.raises(ChannelSetupError, match=f"channel hook: {field}"):
        channel("http://h/", **fields)


def test_https_is_verified(tmp_path: Path):
    """A receiver whose certificate is vouched for is called; another one is not told anything."""
    authority = trustme.CA()
    known = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(known))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    with webhook_receiver(tls) as receiver:
        unknown = channel(receiver.url).send(queued())
        outcome = channel(receiver.url, ca_file=str(known)).send(queued())

    assert isinstance(unknown, Retry)
    assert unknown.error == "its certificate could not be verified"
    assert outcome == Delivered()
    assert receiver.ids == ["msg_1"]


def test_a_repeat_that_the_receiver_knows_counts_as_delivered(receiver: Receiver):
    """409 to a later try says that the first one arrived; to a first try it is a refusal."""
    receiver.answers += [(409, {}), (409, {})]

    outcomes = [channel(receiver.url).send(replace(queued(), attempts=n)) for n in (1, 2)]

    assert [type(one) for one in outcomes] == [Refused, Delivered]
    assert ["msg_1", "msg_1"] == receiver.ids


def test_while_a_secret_is_changed_both_are_taken(receiver: Receiver):
    """With two secrets a receiver that knows either verifies the same call."""
    other = "whsec_" + "QUJD" * 8
    both = channel(receiver.url, secret=f"{other} {SECRET}")
    outcomes = []
    for known in (SECRET, other):
        receiver.secret = known
        outcomes.append(both.send(queued()))

    assert outcomes == [Delivered(), Delivered()]
    assert receiver.rejected == 0


def dripping(server: socket.socket, ended: list[float]) -> None:
    """Answers one byte at a time, and never comes to an end."""
    connection, _ = server.accept()
    begun = time.monotonic()
    with connection, contextlib.suppress(OSError):
        connection.sendall(b"HTTP/1.")
        while time.monotonic() - begun < 20:
            connection.sendall(b"a")
            time.sleep(0.05)
    ended.append(time.monotonic() - begun)


def test_a_dripping_receiver_is_given_up_in_time():
    """A receiver that sends a byte now and then is left after the total of time."""
    ended: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=dripping, args=(server, ended))
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        outcome = channel(url, timeout=5.0, total=0.5).send(queued())
        thread.join()

    assert outcome == Retry("no answer in time", channel_down=True)
    assert ended[0] < 5


def test_a_probe_calls_nothing(receiver: Receiver):
    """Proving a webhook connects, and sends no call."""
    proof = channel(receiver.url).probe()

    assert proof.ok, proof
    assert receiver.ids == []


def test_a_probe_says_what_stands_in_the_way(tmp_path: Path):
    """Nobody there, a private address, a certificate that nobody vouches for."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        nobody = channel(f"http://127.0.0.1:{port}/secret-path").probe()
    private = channel("http://127.0.0.1:9/secret-path", allow_networks=()).probe()
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    with webhook_receiver(tls) as strange:
        unknown = channel(strange.url).probe()
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        known = channel(strange.url, ca_file=str(tmp_path / "ca.pem")).probe()

    assert [False, False, False, True] == [one.ok for one in (nobody, private, unknown, known)]
    assert "not public (crawl.allow_networks, or the channel's own, can allow it)" in private.said
    assert "certificate" in unknown.said
    assert "secret-path" not in nobody.said + private.said + unknown.said + known.said
