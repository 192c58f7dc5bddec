package dev.understudy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of drills, and the banner that every page has while one runs. */
@Timeout(180)
class DrillsTest {
    @Test
    void drillOfMarkedCallsIsStartedAndEnded() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("drills");
            Locator banner = console.page.locator("#banner");
            assertThat(banner).isHidden();
            console.page.getByLabel("Name").fill("monday");
            console.page.getByLabel("Target").fill("openai/gpt-5.1");
            console.page
                    .getByLabel("Fault", new com.microsoft.playwright.Page.GetByLabelOptions().setExact(true))
                    .selectOption("throttled");
            console.page.getByLabel("Parameters of the fault").fill("after=30");
            console.page.getByLabel("Minutes").fill("7");
            console.button("Start the drill").click();

            Locator card = console.page.locator("[data-drill=monday]");
            assertThat(card).containsText("throttled?after=30 at openai/gpt-5.1 for the calls that are marked");
            JsonNode order = console.lastWrite("POST /drills").orElseThrow().body();
            assertThat(order.path("calls").asText()).isEqualTo("marked");
            assertThat(order.path("minutes").asInt()).isEqualTo(7);
            assertThat(order.path("percent").asInt()).isEqualTo(100);
            assertThat(order.has("caller")).isFalse();
            card.getByText("Mark a call").click();
            assertThat(card.locator("pre")).containsText("x-understudy-drill: monday");

            assertThat(banner).containsText("Drill monday: throttled?after=30");
            for (String page : new String[] {"overview", "fallbacks", "calls", "versions"}) {
                console.go(page);
                assertThat(banner).isVisible();
            }
            banner.getByText("See and end it").click();
            console.button("End monday").click();
            assertThat(card.locator(".muted").first()).containsText("ended by an operator");
            assertThat(banner).isHidden();
        }
    }

    @Test
    void drillOfAllCallsIsConfirmedFirstAndItsBannerSaysSo() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("drills");
            console.page.getByLabel("Target").fill("openai");
            console.page
                    .getByLabel("Calls", new com.microsoft.playwright.Page.GetByLabelOptions().setExact(true))
                    .selectOption("all");
            assertThat(console.page.getByLabel("Also all calls of the key")).isHidden();
            console.page.getByLabel("Percent of these calls").fill("10");
            console.button("Start the drill").click();
            Locator dialog = console.page.locator("dialog");
            assertThat(dialog).containsText("10% of all calls meet down?status=503&ttft=0ms at openai for 5 minutes");
            ConsoleInBrowser.button(dialog, "Cancel").click();
            assertThat(console.lastWrite("POST /drills")).isEmpty();

            console.button("Start the drill").click();
            ConsoleInBrowser.button(dialog, "Start the drill").click();
            assertThat(console.page.locator("#banner")).containsText("at openai for 10% of all calls");
            assertThat(console.page.locator("#banner")).hasClass("banner all");
        }
    }

    @Test
    void whatCallersFeelIsShownWhileTheDrillRuns() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            MockDrills.samples(console.gateway.drills);
            console.go("drills");
            Locator card = console.page.locator("[data-drill=outage]");
            assertThat(card).containsText("No call has met the fault yet.");
            console.gateway.drills.felt("""
                    {"calls": 8, "rescued": 7, "answered": 0, "failed": 1, "broken_off": 0, "caller_left": 0,
                     "added_ms": {"p50": 120, "p95": 900, "max": 950}}""");
            assertThat(card).containsText("87.5%");
            assertThat(card).containsText("1 with an error");
            assertThat(console.page.locator("[data-drill=old]")).containsText("ended by ben");
        }
    }

    @Test
    void refusalIsShownAndAConfigurationThatForbidsDrillsToo() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open().expecting(409)) {
            MockDrills.samples(console.gateway.drills);
            console.go("drills");
            console.page.getByLabel("Target").fill("openai");
            console.button("Start the drill").click();
            assertThat(console.page.locator(".drill-form [role=alert]"))
                    .containsText("a drill of this name is running");

            console.gateway.drills.forbid();
            console.page.reload();
            assertThat(console.page.locator("main")).containsText("The configuration forbids drills");
            assertThat(console.button("Start the drill")).isDisabled();
        }
    }
}
