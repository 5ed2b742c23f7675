"""What tests ask a provider of a page, and what they see of the chain past everything that is tested."""

import json
import urllib.request
from typing import Any

ASK = """async ([method, params]) => {
  try { return { result: await window.ethereum.request({ method, params }) } }
  catch (error) { return { code: error.code, message: error.message, data: error.data } }
}"""


async def ask(page: Any, method: str, *params: object) -> dict[str, Any]:
    """The answer of the page's provider, or code, message and data of the refusal."""
    answer: dict[str, Any] = await page.evaluate(ASK, [method, list(params)])
    return answer


def rpc(address: str, method: str, *params: object) -> Any:
    """Asks the chain itself."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["result"]
