package dev.understudy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All pages, in both themes and at the width of a phone: no errors, nothing outside of the screen, accessible. */
@Timeout(180)
class PagesTest {
    @ParameterizedTest
    @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 360", "DARK, 360"})
    void allPagesAreAccessibleAndFitTheScreen(ColorScheme scheme, int width) {
        try (ConsoleInBrowser console = ConsoleInBrowser.open(scheme, width, 800)) {
            MockDrills.samples(console.gateway.drills);
            for (String path : List.of(
                    "overview",
                    "fallbacks",
                    "calls",
                    "calls/call_01k8f3",
                    "drills",
                    "simulate",
                    "keys",
                    "providers",
                    "prices",
                    "versions")) {
                console.go(path);
                settle(console, path);
                checkWidth(console.page, path);
                checkAccess(console.page, path);
            }
        }
    }

    /** What is closed at first has its own parts: limits, the list of models, what a save would change, a waterfall. */
    @ParameterizedTest
    @CsvSource({"LIGHT, 1280", "DARK, 360"})
    void openedPartsAreAccessibleToo(ColorScheme scheme, int width) {
        try (ConsoleInBrowser console = ConsoleInBrowser.open(scheme, width, 800)) {
            console.go("fallbacks");
            var chain = console.chain("assistant");
            ConsoleInBrowser.button(chain, "Limits of local/llama").click();
            ConsoleInBrowser.button(chain, "Remove openai/gpt-5.1").click();
            chain.locator(".save-bar").waitFor();
            chain.locator("summary", new com.microsoft.playwright.Locator.LocatorOptions().setHasText("Try it"))
                    .click();
            chain.locator(".run").click();
            chain.locator(".waterfall svg").waitFor();
            chain.getByLabel("Real").check();
            chain.locator(".run").click();
            console.page.locator("dialog").waitFor();
            checkAccess(console.page, "a real call, before it is confirmed");
            ConsoleInBrowser.button(console.page.locator("dialog"), "Call the real providers")
                    .click();
            chain.locator(".consumption").waitFor();
            chain.locator("[role=combobox]").click();
            checkWidth(console.page, "fallbacks, opened");
            checkAccess(console.page, "fallbacks, opened");

            console.go("keys");
            console.page.locator(".new-key summary").click();
            ConsoleInBrowser.button(console.page.locator("[data-key=ci]"), "Edit the limits of ci")
                    .click();
            console.page.locator(".key form").waitFor();
            checkWidth(console.page, "keys, opened");
            checkAccess(console.page, "keys, opened");

            console.go("providers");
            console.button("Test the connection of openai").click();
            console.page.locator(".provider .notice").waitFor();
            console.page.locator(".provider summary").first().click();
            checkWidth(console.page, "providers, opened");
            checkAccess(console.page, "providers, opened");
            console.go("prices");
            console.page.getByLabel("Output of openai/gpt-5.1").first().fill("much");
            console.page.locator(".price .problem:visible").waitFor();
            checkWidth(console.page, "prices, edited");
            checkAccess(console.page, "prices, edited");
            console.button("Discard").click();

            console.go("simulate");
            console.page.getByLabel("Chain").selectOption("assistant");
            console.button("Simulate").click();
            console.page.locator(".plot svg").nth(1).waitFor();
            console.page.locator("summary").first().click();
            checkWidth(console.page, "simulate, drawn");
            checkAccess(console.page, "simulate, drawn");

            console.go("versions");
            console.page.locator(".version summary").first().click();
            console.page.locator(".version pre").first().waitFor();
            checkAccess(console.page, "versions, opened");
        }
    }

    @Test
    void emptyPagesSayWhatToDo() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open(PagesTest::empty)) {
            console.go("overview");
            assertThat(console.page.locator(".figures"))
                    .containsText("curl " + console.gateway.url().replace("/console/", "") + "/v1/chat/completions");
            assertThat(console.page.locator(".health")).containsText("Create a chain");
            console.go("fallbacks");
            assertThat(console.page.locator("main")).containsText("No chains yet");
            console.go("calls");
            assertThat(console.page.locator("main")).containsText("No calls yet");
            console.go("keys");
            assertThat(console.page.locator("main")).containsText("Every client that reaches the gateway may call");
            console.go("providers");
            assertThat(console.page.locator("main")).containsText("No providers");
            console.go("drills");
            assertThat(console.page.locator("main")).containsText("No drill has ended yet");
            console.go("versions");
            assertThat(console.page.locator("main")).containsText("Nothing was changed here");
            checkAccess(console.page, "versions, empty");
        }
    }

    private static void empty(MockGateway gateway) {
        gateway.health = MockSettings.object("{\"now\": \"2026-01-01T00:00:00Z\", \"targets\": []}");
        gateway.overview = MockSettings.object("""
                {"calls": 0, "answered": 0, "rescued": 0, "failed": 0, "broken_off": 0, "caller_left": 0, "added_ms": {"p50": null, "p99": null},
                 "prompt_tokens": 0, "completion_tokens": 0, "cost_usd": "0", "targets": [], "log": {"kept": 0, "dropped": 0, "state": "ok"}}""");
    }

    @Test
    void aThemeThatIsChosenHoldsWhateverTheSystemSays() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("overview");
            Object light = ground(console.page);
            console.page.locator("#theme").selectOption("dark");
            assertThat(ground(console.page)).isNotEqualTo(light);
            console.page.reload();
            console.page.locator("h1").waitFor();
            assertThat(ground(console.page)).isNotEqualTo(light);
            checkAccess(console.page, "overview, dark by choice");
        }
    }

    @Test
    void anOverviewWhoseLogFailsSaysSo() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.gateway
                    .overview
                    .putObject("log")
                    .put("kept", 10)
                    .put("dropped", 12)
                    .put("state", "unavailable")
                    .put("message", "The disk is full.");
            console.go("overview");
            assertThat(console.page.locator("main"))
                    .containsText("Calls are not being logged. The disk is full. 12 rows were dropped.");
        }
    }

    @Test
    void healthIsLiveAndCountsDownByTheClockOfTheGateway() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("overview");
            var cooling = console.page.locator("[data-target=\"openai/gpt-5.1\"]");
            assertThat(cooling).containsText("this target is skipped for another 4");
            var ready = console.page.locator("[data-target=\"anthropic/claude-sonnet-4-5\"]");
            assertThat(ready).containsText("ready");

            // The gateway's clock is an hour behind that of the browser.
            console.gateway.emit("health", MockSettings.object("""
                    {"now": "%s", "targets": [{"target": "anthropic/claude-sonnet-4-5", "state": "cooling", "until": "%s", "since": "%s",
                     "scope": "credential", "reason": "auth", "trips_in_a_row": 1, "configured": true, "callers_key": false,
                     "success_rate": 0.5, "first_token": {"samples": 0}, "answer": {"samples": 0}, "recent": []}]}""".formatted(
                            java.time.Instant.now().minusSeconds(3600),
                            java.time.Instant.now().minusSeconds(3600 - 50),
                            java.time.Instant.now().minusSeconds(3601))));
            assertThat(ready).containsText("auth: all targets of its key are skipped for another");
            assertThat(ready.locator(".countdown")).containsText(java.util.regex.Pattern.compile("(4\\d|50) s"));
        }
    }

    @Test
    void lastDayOfEachTargetIsShown() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("overview");
            var skipped = console.page.locator("[data-target=\"openai/gpt-5.1\"] .strip-row");
            assertThat(skipped).containsText("skipped 2 times in 24 h");
            assertThat(skipped.locator(".bar.bad")).hasCount(2);
            assertThat(console.page.locator("[data-target=\"anthropic/claude-opus-4-5\"] .strip-row"))
                    .hasText("not skipped in 24 h");
        }
    }

    @Test
    void oneTargetIsResetByItsButton() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("overview");
            console.button("Reset openai/gpt-5.1").click();
            assertThat(console.page.locator("[data-target=\"openai/gpt-5.1\"] .badge"))
                    .hasText("ready");
            assertThat(console.lastWrite("POST").orElseThrow().path()).isEqualTo("/health/reset");
        }
    }

    private static Object ground(Page page) {
        return page.evaluate("getComputedStyle(document.body).backgroundColor");
    }

    /** Waits for what the page fetches. */
    private static void settle(ConsoleInBrowser console, String path) {
        String last = switch (path) {
            case "overview" -> ".health-card";
            case "fallbacks" -> ".chain";
            case "keys" -> ".key";
            case "providers" -> ".provider";
            case "prices" -> ".price";
            case "drills" -> ".drill";
            case "simulate" -> ".drill-form";
            case "versions" -> ".version";
            default -> "table tbody tr";
        };
        console.page.locator(last).first().waitFor();
        assertThat(console.page.locator("#live")).hasText("Live");
    }

    private static void checkWidth(Page page, String where) {
        assertThat((Integer)
                        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as("pixels that %s is wider than the screen", where)
                .isLessThanOrEqualTo(0);
    }

    private static void checkAccess(Page page, String where) {
        JsonNode found = MockSettings.tree((String) page.evaluate("""
                async () => {
                  const results = await axe.run();
                  const faults = results.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html} ${node.failureSummary}`));
                  return JSON.stringify({ applied: results.passes.length, faults });
                }"""));
        assertThat(found.get("applied").asInt())
                .as("rules that were applied to %s", where)
                .isGreaterThan(10);
        assertThat(found.get("faults")).as("faults of %s", where).isEmpty();
    }
}
