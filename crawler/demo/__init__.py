"""The demonstration: sample outlets, a mail server and a webhook receiver, all on loopback."""
