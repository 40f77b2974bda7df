"""Tokens in the form in which wallabag's clients ask for them.

The password is the secret of `reader serve`; client id and user name may be anything.
wallabag-client sends the values in the address of a GET request, others as JSON or a form.
Source: RFC 6749 4.3, 4.4, 5 and 6.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from reader.server.guard import HttpError
from reader.server.parameters import Parameters, of_request
from reader.server.request_context import context_of
from reader.services import server_token

MAX_CREDENTIAL_LENGTH = 1_000
"""Characters of a credential that are compared; a token has 43."""


async def give_token(request: Request) -> Response:
    """Return an access token and a refresh token for the right password."""
    values = await of_request(request)
    context = context_of(request)
    now = context.workspace.clock()
    if not _is_allowed(values, context.secret, now):
        raise HttpError(400, "the password is not the token of `reader serve`", "invalid_grant")
    access, refresh = server_token.ACCESS_SECONDS, server_token.REFRESH_SECONDS
    return JSONResponse(
        {
            "access_token": server_token.sign(context.secret, "access", int(now) + access),
            "expires_in": access,
            "token_type": "bearer",
            "scope": None,
            "refresh_token": server_token.sign(context.secret, "refresh", int(now) + refresh),
        }
    )


def _is_allowed(values: Parameters, secret: str, now: float) -> bool:
    grant = values.text("grant_type")
    names = {
        "password": "password",
        "client_credentials": "client_secret",
        "refresh_token": "refresh_token",
    }
    if grant not in names:
        raise HttpError(
            400, "grant_type must be password or refresh_token", "unsupported_grant_type"
        )
    given = values.text(names[grant])[:MAX_CREDENTIAL_LENGTH]
    if grant == "refresh_token":
        return server_token.is_valid(secret, "refresh", given, now)
    return server_token.is_equal(given, secret)
