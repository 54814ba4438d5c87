"""HTTP by the standard library: keys, JSON, problems and redirects."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener


class TesseraError(Exception):
    """A request was refused; `problem["type"]` says why, for programs (RFC 9457)."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail") or problem.get("title"))
        self.problem = problem


class _Redirects(HTTPRedirectHandler):
    """A link to the storage carries its own permission: the key of the service stays here."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # noqa: D102
        followed = super().redirect_request(req, fp, code, msg, headers, newurl)
        if followed is not None and urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            for name in ("X-functions-key", "Authorization"):
                followed.remove_header(name)
        return followed


class Transport:
    """`base_url`: such as https://images.example.org. `key`: a function key; `token`: an access token. `timeout`: seconds."""

    def __init__(
        self, base_url: str, *, key: str | None = None, token: str | None = None, timeout: float = 120
    ) -> None:
        self.base_url = base_url
        self.timeout = timeout
        self._headers: dict[str, str] = {}
        if key is not None:
            self._headers["x-functions-key"] = key
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._opener = build_opener(_Redirects())

    @staticmethod
    def quote(part: str) -> str:
        return quote(part, safe="")

    def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        idempotency_key: str | None = None,
    ) -> Any:
        """Sends a request; gives parsed JSON, bytes of anything else, or None of an empty answer. Raises TesseraError."""
        given = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        url = urljoin(self.base_url, path) + (f"?{urlencode(given)}" if given else "")
        headers = dict(self._headers)
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        data = None
        if method == "POST":
            # From another origin, what browsers send without asking is refused; JSON never is.
            headers["Content-Type"] = "application/json"
            data = b"" if body is None else json.dumps(body).encode()
        try:
            with self._opener.open(Request(url, data, headers, method=method), timeout=self.timeout) as answer:
                content = answer.read()
                is_json = answer.headers.get_content_type() == "application/json"
        except HTTPError as error:
            raise TesseraError(_problem(error)) from None
        if not content:
            return None
        return json.loads(content) if is_json else content

    def put(self, url: str, data: bytes, headers: dict[str, str]) -> None:
        """Sends a file to the link that it was given."""
        try:
            with self._opener.open(Request(url, data, headers, method="PUT"), timeout=self.timeout):
                pass
        except HTTPError as error:
            raise TesseraError(_problem(error)) from None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _problem(error: HTTPError) -> dict[str, Any]:
    try:
        return json.loads(error.read())
    except ValueError:
        return {"type": "about:blank", "status": error.code, "title": error.reason, "detail": f"{error.code} {error.reason}"}
