"""Answers are msgspec structs; this turns them into responses and into the schemas of the OpenAPI document."""

from typing import Any

import msgspec
from starlette.responses import Response

from fluxdesk.core import views, wallet_views
from fluxdesk.core.settings import TABLE, Setting

ANSWERS: tuple[type[msgspec.Struct], ...] = (
    views.StatusView,
    views.LaunchPage,
    views.TokenView,
    views.TradePage,
    views.CandlePage,
    views.HolderPage,
    views.MetadataView,
    views.SearchPage,
    views.SourcesView,
    views.GapsView,
    views.TransactionView,
    views.RecordView,
    views.SettingsView,
    views.Accepted,
    views.Problem,
    *wallet_views.ANSWERS,
)
_REF = "#/components/schemas/{name}"
_encode = msgspec.json.Encoder().encode


def answer(value: msgspec.Struct, status: int = 200) -> Response:
    """A struct as JSON."""
    return Response(_encode(value), status, media_type="application/json")


def problem(title: str, detail: str, status: int) -> Response:
    """An error answer (RFC 9457)."""
    body = _encode(views.Problem(title=title, detail=detail, status=status))
    return Response(body, status, media_type="application/problem+json")


def components() -> dict[str, Any]:
    """The schemas of all answers and bodies, by struct name."""
    _, found = msgspec.json.schema_components((*ANSWERS, *wallet_views.BODIES), ref_template=_REF)
    return dict(found)


def responses(kind: type[msgspec.Struct], *errors: int) -> dict[int | str, dict[str, Any]]:
    """FastAPI's `responses` of a route: the struct on success, `Problem` on each of `errors`."""
    out: dict[int | str, dict[str, Any]] = {
        200: {
            "description": (kind.__doc__ or "").strip().split("\n", maxsplit=1)[0],
            "content": {"application/json": {"schema": {"$ref": _REF.format(name=kind.__name__)}}},
        }
    }
    for status in (400, 404, 413, 414, 422, 500, *errors):
        out[status] = {
            "description": "What happened, what was kept, what to do.",
            "content": {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}},
        }
    return out


def body_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The request body of a struct."""
    schema = {"$ref": _REF.format(name=kind.__name__)}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def settings_body() -> dict[str, Any]:
    """The request body that changes settings, from the settings table."""
    schema = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {setting.key: _setting_schema(setting) for setting in TABLE},
    }
    return {"required": True, "content": {"application/json": {"schema": schema, "example": {"journal_max_days": 7}}}}


def _setting_schema(setting: Setting) -> dict[str, Any]:
    if setting.kind == "switch":
        return {"type": "boolean", "description": setting.help}
    if setting.kind == "lines":
        return {"type": "array", "items": {"type": "string"}, "description": setting.help}
    if setting.kind == "integer":
        limits = {"minimum": setting.minimum, "maximum": setting.maximum}
        return {
            "type": "integer",
            **{name: limit for name, limit in limits.items() if limit is not None},
            "description": setting.help,
        }
    if setting.kind == "choice":
        return {"type": "string", "enum": list(setting.choices), "description": setting.help}
    return {"type": "string", "description": setting.help}
