"""Who may speak to the server: one browser, which was given the address that the terminal shows.

The token of that address is good once and becomes a cookie. Every request must name this machine
as its host (DNS rebinding), and whatever tells its origin must come from our own page (other
sites, other ports).
"""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

REFUSED = (
    "This page opens with the address that `tutor serve` printed, and each address is good once.\n"
    "Stop the server with ctrl+c, start it again, and open the new address.\n"
)


class Guard:
    """The token, the cookie and the rules of one server."""

    def __init__(self, port: int) -> None:
        self.hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self.origins = tuple(f"http://{host}" for host in self.hosts)
        self.cookie = f"tutor_{port}"  # browsers share cookies between ports
        self._token: str | None = secrets.token_urlsafe(24)
        self._secret = secrets.token_urlsafe(24)
        self.address = f"http://{self.hosts[0]}/?token={self._token}"

    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Middleware: refuse, exchange the token for the cookie, or pass on with headers."""
        if request.host not in self.hosts:
            return self.dressed(web.Response(status=421, text="No such host here.\n"), request)
        origins = request.headers.getall("Origin", [])
        if any(origin not in self.origins for origin in origins):
            return self.dressed(web.Response(status=403, text="Not from this page.\n"), request)
        if request.path == "/" and (token := request.query.get("token")):
            return self.dressed(self._exchange(token), request)
        if not self._known(request):
            return self.dressed(web.Response(status=403, text=REFUSED), request)
        if request.path.startswith("/ws/") and not origins:
            return self.dressed(web.Response(status=403, text="Not from this page.\n"), request)
        try:
            response = await handler(request)
        except web.HTTPException as refused:
            response = web.Response(status=refused.status, text=f"{refused.reason}\n")
        except Exception:
            if request.path.startswith("/ws/"):
                raise  # a socket is no page any more
            logging.getLogger(__name__).exception("A request failed")
            response = web.Response(status=500, text="That failed; the terminal says why.\n")
        return response if response.prepared else self.dressed(response, request)

    def _exchange(self, token: str) -> web.Response:
        """The cookie for the token, and a redirect away from the address that shows it."""
        if self._token is None or not hmac.compare_digest(
            token.encode(errors="surrogateescape"), self._token.encode()
        ):
            return web.Response(status=403, text=REFUSED)
        self._token = None
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(self.cookie, self._secret, httponly=True, samesite="Strict", path="/")
        return response

    def _known(self, request: web.Request) -> bool:
        shown = request.cookies.get(self.cookie, "")
        # What is no text comes as half surrogates.
        return hmac.compare_digest(shown.encode(errors="surrogateescape"), self._secret.encode())

    def dressed(self, response: web.StreamResponse, request: web.Request) -> web.StreamResponse:
        """`response` with what keeps the page to itself and to this machine."""
        sockets = f"ws://{request.host}" if request.host in self.hosts else "'none'"
        response.headers.update({
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                f"font-src 'self'; img-src 'self' data:; connect-src 'self' {sockets}; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        })  # fmt: skip
        response.headers.setdefault("Cache-Control", "no-store")
        return response
