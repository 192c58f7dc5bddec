"""What a page in a real browser can do with a gateway that requires no key. Needs a gateway of its own for each case."""

import json
import urllib.request

import pytest

from conftest import Page, Provider, gateway, visit

BODY = json.dumps({"model": "openai/m", "messages": [{"role": "user", "content": "hi"}]})

#: Tries an attack, reports its name and what the page could see of it.
SCRIPT = """
const seen = {};
const see = async (name, action) => {
  try { seen[name] = await action(); } catch (failed) { seen[name] = "failed: " + failed.name; }
};
const call = (type, more) => fetch(GATEWAY + "/v1/chat/completions", {method: "POST", body: BODY,
    headers: {"content-type": type}, ...more}).then(async answer => answer.status + " " + await answer.text());
const post = (type) => new Promise(done => {
  const frame = document.createElement("iframe");
  frame.name = "sink";
  const form = document.createElement("form");
  form.method = "POST"; form.action = GATEWAY + "/v1/chat/completions"; form.enctype = type; form.target = "sink";
  const field = document.createElement("input");
  field.name = BODY.slice(0, -1) + ',"x":"'; field.value = '"}';
  form.append(field); document.body.append(frame, form);
  frame.onload = () => done("sent");
  form.submit();
});
const image = () => new Promise(done => {
  const picture = new Image();
  picture.onload = () => done("loaded"); picture.onerror = () => done("error");
  picture.src = GATEWAY + "/v1/responses/resp_1";
});
addEventListener("load", async () => {
  await see("simple", () => call("text/plain", {mode: "no-cors"}));
  await see("preflight", () => call("application/json", {}));
  await see("form", () => post("text/plain"));
  await see("beacon", async () => navigator.sendBeacon(GATEWAY + "/v1/chat/completions", BODY));
  await see("image", image);
  await see("models", () => fetch(GATEWAY + "/v1/models").then(async answer => answer.status + " " + await answer.text()));
  await see("metrics", () => fetch(GATEWAY + "/metrics").then(async answer => answer.status + " " + await answer.text()));
  await fetch(REPORT, {method: "POST", mode: "no-cors", body: JSON.stringify(seen)});
});
"""


def attack(page: Page, gateway_url: str) -> None:
    """Gives a page the script."""
    constants = {"GATEWAY": gateway_url, "BODY": BODY, "REPORT": page.report_url}
    page.script = "".join(f"const {name} = {json.dumps(value)};" for name, value in constants.items()) + SCRIPT


def call_directly(port: int) -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/chat/completions", BODY.encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return answer.status


@pytest.mark.parametrize("host", ["page.example", "127.0.0.2"])
def test_a_foreign_page_reaches_no_provider_and_reads_nothing(provider: Provider, host: str) -> None:
    with gateway(provider) as port:
        page = Page(0)
        attack(page, f"http://127.0.0.1:{port}")
        seen = visit(f"http://{host}:{page.port}/page", page)
        page.close()
        assert provider.requests == []
        assert seen["preflight"] == "failed: TypeError"
        assert seen["models"] == "failed: TypeError"
        assert seen["metrics"] == "failed: TypeError"
        # A page may send these; it sees nothing of the answer, and nothing came of them.
        assert set(seen) == {"simple", "preflight", "form", "beacon", "image", "models", "metrics"}
        assert call_directly(port) == 200
        assert len(provider.requests) == 1


def test_a_page_with_a_rebound_name_is_refused(provider: Provider) -> None:
    with gateway(provider) as port:
        page = Page(port, tunnel_to=port)
        attack(page, f"http://evil.example:{port}")
        seen = visit(f"http://evil.example:{port}/page", page)
        page.close()
        assert provider.requests == []
        for name in ("preflight", "models", "metrics"):
            assert str(seen[name]).startswith("403 "), seen
            assert "server.allowed-hosts" in str(seen[name])


def test_an_allowed_origin_calls_and_reads(provider: Provider) -> None:
    page = Page(0)
    origin = f"http://page.example:{page.port}"
    with gateway(provider, f"allowed-origins: ['{origin}']") as port:
        attack(page, f"http://127.0.0.1:{port}")
        seen = visit(f"{origin}/page", page)
        page.close()
        assert str(seen["preflight"]).startswith("200 ")
        assert json.loads(str(seen["preflight"])[4:])["choices"][0]["message"]["content"] == "hi"
        assert str(seen["models"]).startswith("200 ")
        assert provider.requests
