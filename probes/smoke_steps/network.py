"""Keeps a framework that is tested from the network: what it would fetch or report is no part of the test.

An audit hook cannot be taken away again, and sees every connection that Python code of this process makes. This machine itself may be
reached, since services are started on it. Processes in other languages (a JVM) are told by their own settings.
"""

import sys

_LOOPBACK = ("127.", "::1", "::ffff:127.", "localhost")
_ANY = ("", "0.0.0.0", "::")  # noqa: S104 - addresses that a server listens on
# Reserved for documentation (RFC 5737): nobody is there, and a datagram's connect sends nothing.
_NOBODY = ("192.0.2.1", 9)


def refuse_network():
    """From here on a connection to another machine raises OSError."""
    sys.addaudithook(_Guard())


class _Guard:
    def __init__(self):
        self._own = None

    def __call__(self, event, arguments):
        if event == "socket.connect":
            connection, address = arguments
            if connection.type & 0xF == _socket().SOCK_DGRAM or not isinstance(address, tuple):
                return  # nothing is sent by it, or it is a Unix socket's path
            self._check(address[0])
        elif event in ("socket.sendto", "socket.sendmsg"):
            if isinstance(arguments[1], tuple):
                self._check(arguments[1][0])
        elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
            self._check(arguments[0])

    def _check(self, host):
        if isinstance(host, bytes):
            host = host.decode("ascii", "replace")
        if isinstance(host, str) and host not in _ANY and not host.startswith(_LOOPBACK) and host not in self._own_names():
            raise OSError("smoke tests use no network: a connection to {} was refused".format(host[:100]))

    def _own_names(self):
        """This machine by its name and by its address towards others, under which Ray and Spark find themselves. Nothing is looked up."""
        if self._own is None:
            names = {_socket().gethostname()}
            with_address = _socket().socket(_socket().AF_INET, _socket().SOCK_DGRAM)
            try:
                with_address.connect(_NOBODY)
                names.add(with_address.getsockname()[0])
            except OSError:
                pass  # no network at all
            finally:
                with_address.close()
            self._own = names
        return self._own


def _socket():
    """The part of the socket module that is compiled in: a socket.py of somebody's own is a finding, not a part of this probe."""
    import _socket

    return _socket
