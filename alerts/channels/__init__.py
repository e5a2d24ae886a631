"""One file for each kind of channel: it sends a message to one recipient, and says how it went."""
