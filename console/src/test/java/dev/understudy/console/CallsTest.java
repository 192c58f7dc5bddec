package dev.understudy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The list of calls, one call, versions, sign-in, and that nothing that callers or models wrote is ever markup. */
@Timeout(180)
class CallsTest {
    private static final String SCRIPT = "<script>window.broken=1</script><img src=x onerror='window.broken=1'>";

    @Test
    void callsArriveLiveAndCanBePaused() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("calls");
            Locator rows = console.page.locator("tbody tr");
            assertThat(rows).hasCount(7);
            assertThat(console.page.locator("#live")).hasText("Live");
            console.gateway.addCall(Samples.plain("call_new", Instant.now(), "support", "openai/gpt-5.1-mini"));
            assertThat(rows).hasCount(8);
            assertThat(rows.first()).containsText("openai/gpt-5.1-mini");

            console.button("Pause").click();
            console.gateway.addCall(Samples.plain("call_later", Instant.now(), "support", "local/llama"));
            assertThat(console.button("Continue (1 new)")).isVisible();
            assertThat(rows).hasCount(8);
            console.button("Continue (1 new)").click();
            assertThat(rows.first()).hasAttribute("data-call", "call_later");
        }
    }

    @Test
    void filtersHoldForWhatIsListedAndForWhatArrives() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("calls");
            Locator rows = console.page.locator("tbody tr");
            console.page.getByLabel("Rescued only").check();
            assertThat(rows).hasCount(2);
            console.gateway.addCall(Samples.plain("call_plain", Instant.now(), "assistant", "local/llama"));
            console.gateway.addCall(Samples.rescued("call_rescued", Instant.now()));
            assertThat(rows).hasCount(3);
            console.page
                    .getByLabel("Model", new com.microsoft.playwright.Page.GetByLabelOptions().setExact(true))
                    .fill("thinker");
            assertThat(rows).hasCount(1);
            assertThat(console.page).hasURL(console.gateway.url() + "#/calls?model=thinker&rescued=true");

            rows.first().locator("a").click();
            console.page.getByText("All calls").click();
            assertThat(rows).hasCount(1);
            console.page.locator("[data-filter=text]").fill("no call has this");
            assertThat(console.page.locator("main")).containsText("No call matches");
        }
    }

    @Test
    void olderCallsAreReadPageByPage() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            for (int i = 0; i < 100; i++) {
                console.gateway.calls.add(Samples.plain(
                        "call_old_" + i, Instant.now().minusSeconds(600 + i), "assistant", "local/llama"));
            }
            console.go("calls");
            Locator rows = console.page.locator("tbody tr");
            assertThat(rows).hasCount(50);
            console.button("Older calls").click();
            assertThat(rows).hasCount(100);
            console.button("Older calls").click();
            assertThat(rows).hasCount(107);
            assertThat(console.button("Older calls")).isHidden();
        }
    }

    @Test
    void aCallShowsItsAttemptsOnOneScaleAndItsSkips() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("calls/call_01k8f3");
            assertThat(console.page.locator(".sentence")).containsText("local/llama answered after 850 ms.");
            Locator bars = console.page.locator(".waterfall rect.bar");
            assertThat(bars).hasCount(3);
            double[] x = bars.all().stream()
                    .mapToDouble(bar -> Double.parseDouble(bar.getAttribute("x")))
                    .toArray();
            double[] width = bars.all().stream()
                    .mapToDouble(bar -> Double.parseDouble(bar.getAttribute("width")))
                    .toArray();
            double perMs = width[2] / 1460;
            assertThat(x[1] - x[0]).isCloseTo(460 * perMs, org.assertj.core.data.Offset.offset(1.0));
            assertThat(x[2] - x[0]).isCloseTo(850 * perMs, org.assertj.core.data.Offset.offset(1.0));
            assertThat(console.page.locator(".waterfall svg line.first")).hasCount(1);
            assertThat(console.page.locator(".waterfall svg line.wait")).hasCount(1);
            assertThat(console.page.locator(".waterfall svg")).containsText("skipped: cooling");
            assertThat(console.page.locator("main"))
                    .containsText("understudy-trail: \"openai/gpt-5.1\";outcome=overloaded;status=503;ms=212");
        }
    }

    @Test
    void whatCallersAndModelsWroteStaysText() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            ObjectNode call = Samples.rescued("call_<b>bad</b>", Instant.now());
            call.put("model", SCRIPT)
                    .put("caller", SCRIPT)
                    .put("target", SCRIPT)
                    .put("summary", SCRIPT);
            ObjectNode first = (ObjectNode) call.get("trail").get(0);
            first.put("target", SCRIPT).put("message", SCRIPT).put("outcome", SCRIPT);
            console.gateway.calls.add(call);
            ArrayNode models = console.gateway.models;
            models.addObject().put("name", "local/" + SCRIPT).put("provider", "local");
            console.gateway.settings.put(
                    "it's",
                    MockSettings.object("{\"targets\": [\"local/x\"], \"on\": true}")
                            .put("note", SCRIPT),
                    SCRIPT);

            console.go("calls");
            console.page
                    .locator("tr", new com.microsoft.playwright.Page.LocatorOptions().setHasText("<script>"))
                    .locator("a")
                    .click();
            assertThat(console.page.locator(".sentence")).containsText(SCRIPT);
            assertThat(console.page.locator("td.message").first()).hasText(SCRIPT);
            // In the shell's single quotes, whatever the name of the model.
            assertThat(console.page.locator("section[aria-label=Repeat] pre"))
                    .containsText("onerror='\\''window.broken=1'\\''");
            console.go("fallbacks");
            Locator field = console.chain("assistant").locator("[role=combobox]");
            field.fill("script");
            assertThat(console.chain("assistant").locator("[role=option]").first())
                    .containsText(SCRIPT);
            console.go("versions");
            assertThat(console.page.locator(".version").first()).containsText(SCRIPT);
            assertThat(console.page.evaluate("window.broken === undefined")).isEqualTo(true);
            assertThat(console.page.locator("main img, main script")).hasCount(0);
        }
    }

    @Test
    void contentsOfACallAreShownOnRequestAndStayText() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("calls");
            assertThat(console.page.locator("main")).not().containsText("is kept for");

            ObjectNode call = Samples.plain("call_kept", Instant.now(), "support", "local/llama");
            console.gateway.addCall(call);
            console.gateway.contentsKept = Optional.of("7d");
            ObjectNode contents = MockSettings.object("""
                    {"id": "call_kept", "at": "2026-01-01T00:00:00Z",
                     "sent": {"type": "application/json", "bytes": 99, "cut": false, "text": "{\\"a\\":{\\"b\\":1}}"},
                     "received": {"type": "text/event-stream", "bytes": 70000, "cut": true}}""");
            ((ObjectNode) contents.get("received")).put("text", SCRIPT);
            console.gateway.contents.put("call_kept", contents);
            console.go("calls/call_kept");

            Locator page = console.page.locator("main");
            assertThat(page).containsText("What callers send and receive is kept for 7d");
            assertThat(page.locator("[data-part]")).hasCount(0);
            console.button("Show what was sent and received").click();
            assertThat(page.locator("[data-part=sent] pre")).hasText("{\n  \"a\": {\n    \"b\": 1\n  }\n}");
            assertThat(page.locator("[data-part=received]")).containsText("70,000 bytes, only the beginning is kept");
            assertThat(page.locator("[data-part=received] pre")).hasText(SCRIPT);
            assertThat(page.locator("[data-part] script, [data-part] img")).hasCount(0);
            assertThat(console.page.evaluate("window.broken")).isNull();

            console.gateway.contents.clear();
            console.go("calls");
            console.go("calls/call_kept");
            assertThat(console.page.locator("[aria-label=Repeat]")).isVisible();
            assertThat(console.button("Show what was sent and received")).hasCount(0);
        }
    }

    @Test
    void aVersionIsRestoredAndAllIsReset() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("versions");
            Locator versions = console.page.locator(".version");
            assertThat(versions).hasCount(2);
            assertThat(versions.first()).containsText("in force");
            // An open gateway has no sign-in: the name is given here.
            console.page.getByLabel("Your name").fill("Ben");
            console.button("Restore version 1").click();
            ConsoleInBrowser.button(console.page.locator("dialog"), "Restore").click();
            assertThat(console.page.locator("main")).containsText("Version 1 is restored. This is version 3");
            MockGateway.Write restore =
                    console.lastWrite("POST /versions/1/restore").orElseThrow();
            assertThat(restore.ifMatch()).isEqualTo("\"2\"");
            assertThat(restore.author()).isEqualTo("Ben");
            console.button("Reset to the file").click();
            ConsoleInBrowser.button(console.page.locator("dialog"), "Reset").click();
            assertThat(versions).hasCount(4);
            versions.nth(3).locator("summary").click();
            assertThat(versions.nth(3).locator("pre")).containsText("gemini/gemini-2.5-pro");
        }
    }

    @Test
    void theExportIsAFileAndAText() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("versions");
            var download = console.page.waitForDownload(
                    () -> console.button("Export YAML").click());
            assertThat(download.suggestedFilename()).isEqualTo("understudy.yaml");
            assertThat(console.page.locator("main")).containsText("${OPENAI_API_KEY}");
        }
    }

    @Test
    void signInIsShownWhereTheApiRequiresAKeyWhichStaysInTheTab() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open().expecting(401)) {
            console.gateway.key = java.util.Optional.of("right-key");
            console.go("fallbacks");
            assertThat(console.page.locator("h1")).hasText("Sign in");
            console.page.getByLabel("Admin key").fill("wrong-key");
            console.page.getByLabel("Your name").fill("Ann");
            console.button("Sign in").click();
            assertThat(console.page.locator("form")).containsText("The gateway refused this key.");
            console.page.getByLabel("Admin key").fill("right-key");
            console.button("Sign in").click();
            assertThat(console.page.locator("h1")).hasText("Fallbacks");
            assertThat(console.page.locator("#live")).hasText("Live");
            assertThat(console.page
                            .evaluate("JSON.stringify({...localStorage})")
                            .toString())
                    .doesNotContain("right-key");

            Locator chain = console.chain("assistant");
            ConsoleInBrowser.button(chain, "Remove local/llama").click();
            ConsoleInBrowser.button(chain, "Save").click();
            assertThat(chain.locator(".save-bar")).isHidden();
            assertThat(console.lastWrite("PUT").orElseThrow().author()).isEqualTo("Ann");

            console.page.reload();
            assertThat(console.page.locator("h1")).hasText("Fallbacks");
            console.button("Sign out").click();
            assertThat(console.page.locator("h1")).hasText("Sign in");
        }
    }

    /** The lines of an event may come in any pieces, with any ends of lines. */
    @Test
    void eventsAreReadWhateverThePieces() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("overview");
            Object found = console.page.evaluate("""
                    async () => {
                      const { EventParser } = await import(new URL('js/api.js', document.baseURI));
                      const text = ': hi\\r\\n\\r\\nevent: call\\r\\ndata: {"a":\\r\\ndata: 1}\\r\\n\\r\\nevent: lost\\n\\ndata: {"b":2}\\r\\r';
                      const seen = new Set();
                      for (let size = 1; size <= text.length; size++) {
                        const events = [];
                        const parser = new EventParser((kind, data) => events.push([kind, data]));
                        for (let at = 0; at < text.length; at += size) {
                          parser.push(text.slice(at, at + size));
                        }
                        parser.push('\\n');
                        seen.add(JSON.stringify(events));
                      }
                      return [...seen].join(' ');
                    }""");
            assertThat(found).isEqualTo("[[\"call\",{\"a\":1}],[\"lost\",{}],[\"message\",{\"b\":2}]]");
        }
    }

    @Test
    void aGatewayThatIsGoneIsSaidWithTheNextStep() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("calls");
            console.page.route("**/admin/v1/calls/*", com.microsoft.playwright.Route::abort);
            console.expectingText("net::ERR_FAILED");
            console.page.locator("tbody a").first().click();
            assertThat(console.page.locator("[role=alert]")).containsText("The gateway could not be reached.");
            assertThat(console.page.locator("[role=alert]")).containsText("Check that the gateway runs");
        }
    }
}
