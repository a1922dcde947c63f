"""/api/v1/patch: the patch sheet, for the page, for print and for spreadsheets."""

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import desk_of, store_of
from lumad.api.openapi import told
from lumad.library.patch_csv import sheet_of, write_patch

routes = web.RouteTableDef()
_ROWS = {"type": "array", "items": {"type": "object"}}
SHEET = {
    "type": "object",
    "required": ["rows", "warnings", "conflicts"],
    "properties": {"rows": _ROWS, "warnings": {"type": "array"}, "conflicts": {"type": "array"}},
}


@routes.get("/api/v1/patch")
@told(reply=SHEET, reply_types=("application/json", "text/csv"))
async def get_patch(request: web.Request) -> web.Response:
    """A row a fixture in order of patch, what is odd, who else sends there; CSV by Accept: text/csv."""
    store = store_of(request)
    rows = sheet_of(store.show, store.profiles)
    if "text/csv" in request.headers.get("Accept", ""):
        headers = {"Cache-Control": "no-store", "Content-Disposition": 'attachment; filename="patch.csv"'}
        return web.Response(text=write_patch(rows), content_type="text/csv", headers=headers)
    conflicts = desk_of(request).status().get("conflicts", [])
    return json_reply({"rows": rows, "warnings": list(store.warnings), "conflicts": conflicts})
