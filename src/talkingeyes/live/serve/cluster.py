"""The same application on the machines of a Ray cluster, as a Ray Serve deployment (extra ``cluster``).

    serve run talkingeyes.live.serve.cluster:application token=SECRET replicas=4

Ray's proxy gives each connection to a replica; a session lives and dies with its own. Clients that ask for states
(``state_every_s``) go on from the last one: they connect again, to whichever replica is there, and send what the state
lacks, as talkingeyes-live.js does by itself. Names of sessions and tickets are known to one replica only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette

from talkingeyes.errors import SettingError
from talkingeyes.extras import missing
from talkingeyes.live.serve.app import build_app
from talkingeyes.live.serve.limits import Limits
from talkingeyes.live.serve.server import Settings

SHORTEST_TOKEN = 8
_GRACE_S = 10.0
"""How long a replica that is taken down may hand states over."""


def application(arguments: Mapping[str, str]) -> Any:
    """The deployment, as ``serve run`` asks for it with words ``name=value``.

    Args:
        arguments: ``token`` (needed), ``replicas`` (1), ``sessions`` per replica (64), ``cpus`` per replica (1),
            ``origin`` (a page of another server).

    Returns:
        A Ray Serve application.

    Raises:
        SettingError: a name or value that is not accepted.
        MissingExtraError: Ray Serve is not installed.
    """
    known = ("token", "replicas", "sessions", "cpus", "origin")
    if unknown := sorted(set(arguments) - set(known)):
        raise SettingError(f"{unknown[0]} is not known; {', '.join(known)} are accepted")
    token = arguments.get("token", "")
    if len(token) < SHORTEST_TOKEN:
        raise SettingError(f"token has {len(token)} characters; {SHORTEST_TOKEN} or more are accepted")
    origins = tuple(filter(None, [arguments.get("origin")]))
    limits = Limits(sessions=_number(arguments, "sessions", 64))
    settings = Settings(token=token, host="0.0.0.0", origins=origins, limits=limits)  # noqa: S104 (Ray's proxy listens)
    return deployment(settings, int(_number(arguments, "replicas", 1)), cpus=_number(arguments, "cpus", 1))


def deployment(settings: Settings, replicas: int = 1, *, cpus: float = 1.0) -> Any:
    """Replicas of the application of `build_app`.

    Args:
        settings: of each.
        replicas: how many.
        cpus: processors of each, as Ray counts them.

    Returns:
        A Ray Serve application for ``ray.serve.run``.

    Raises:
        MissingExtraError: Ray Serve is not installed.
    """
    serve = _ray_serve()

    def build() -> Starlette:  # on the replica: what it holds cannot travel
        return build_app(settings)

    @serve.deployment(
        name="TalkingEyesLive",
        num_replicas=replicas,
        max_ongoing_requests=int(settings.limits.sessions) + 16,
        ray_actor_options={"num_cpus": cpus},
        graceful_shutdown_timeout_s=_GRACE_S,
        health_check_period_s=2.0,
        health_check_timeout_s=10.0,
    )
    @serve.ingress(build)
    class Live:
        pass

    return Live.bind()


def _number(arguments: Mapping[str, str], name: str, default: float) -> float:
    text = str(arguments.get(name, default))
    try:
        value = float(text)
    except ValueError:
        raise SettingError(f"{name} is {text!r}; a number is accepted") from None
    if not 0 < value < 1e6:
        raise SettingError(f"{name} is {text}; more than 0 is accepted")
    return value


def _ray_serve() -> Any:
    try:
        from ray import serve
    except ImportError:
        raise missing("cluster", "serving on a Ray cluster", "ray") from None
    return serve
