"""Messages of up to 1 MiB over a finished Noise handshake: cut into transport messages, sealed, and put together again.

The first byte of each plain part says whether more follow (1) or the message is whole (0). Does no I/O. An error ends
the channel.
"""

from fluxdesk_host.protocol.frames import MAX_FRAME_BYTES
from fluxdesk_host.protocol.noise import MAX_MESSAGE_BYTES, TAG_BYTES, Handshake, NoiseError

PART_BYTES = MAX_MESSAGE_BYTES - TAG_BYTES - 1


class Channel:
    """Both directions of one session. Keeps at most one unfinished message."""

    def __init__(self, handshake: Handshake) -> None:
        self.hash = handshake.hash
        self.remote_static = handshake.remote_static
        self._send, self._receive = handshake.ciphers()
        self._parts = bytearray()
        self._failed = False

    def seal(self, body: bytes) -> list[bytes]:
        """The transport messages of `body`, to be sent in this order. Raises `NoiseError` over 1 MiB."""
        if len(body) > MAX_FRAME_BYTES:
            raise NoiseError("A message has at most one mebibyte.")
        cuts = range(0, max(len(body), 1), PART_BYTES)
        return [self._send.seal(bytes([at + PART_BYTES < len(body)]) + body[at : at + PART_BYTES]) for at in cuts]

    def open(self, sealed: bytes) -> bytes | None:
        """The message that this transport message completes, or None. Raises `NoiseError`, and then always."""
        if self._failed:
            raise NoiseError("The channel has ended.")
        self._failed = True
        if len(sealed) > MAX_MESSAGE_BYTES:
            raise NoiseError("A transport message has at most 65,535 bytes.")
        plain = self._receive.open(sealed)
        if not plain or plain[0] > 1:
            raise NoiseError("A part does not say whether more follow.")
        if len(self._parts) + len(plain) - 1 > MAX_FRAME_BYTES:
            raise NoiseError("A message has at most one mebibyte.")
        self._parts += plain[1:]
        self._failed = False
        if plain[0]:
            return None
        body = bytes(self._parts)
        self._parts.clear()
        return body
