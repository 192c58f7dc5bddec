package dev.understudy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of simulations: what it orders, and the plots of what comes. */
@Timeout(180)
class SimulateTest {
    @Test
    void simulationOfAChainIsDrawn() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            Page page = console.page;
            console.go("simulate");
            page.getByLabel("Chain").selectOption("assistant");
            page.getByLabel("Outage").selectOption("silence");
            page.getByLabel("Hours").fill("12");
            page.getByLabel("Seed").fill("42");
            console.button("Simulate").click();

            assertThat(page.locator(".tile").first()).containsText("99.98%");
            assertThat(page.locator(".tile").nth(1)).containsText("81.00%");
            assertThat(page.locator(".plot svg")).hasCount(2);
            assertThat(page.locator(".plot .curve")).hasCount(4);
            assertThat(page.locator(".plot .down")).hasCount(1);
            JsonNode order = console.lastWrite("POST /simulate").orElseThrow().body();
            assertThat(order.path("chain").asText()).isEqualTo("assistant");
            assertThat(order.path("outage").asText()).isEqualTo("silence");
            assertThat(order.path("hours").asInt()).isEqualTo(12);
            assertThat(order.path("seed").asInt()).isEqualTo(42);

            page.locator("summary").first().click();
            assertThat(page.locator("table").first()).containsText("99.9%");
            Download report =
                    page.waitForDownload(() -> console.button("Save the report").click());
            assertThat(report.suggestedFilename()).isEqualTo("simulation-assistant-42.html");
        }
    }

    @Test
    void simulationIsCancelled() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.gateway.simulations.hold();
            console.go("simulate");
            console.page.getByLabel("Chain").selectOption("assistant");
            console.button("Simulate").click();
            assertThat(console.page.locator(".simulating")).containsText("50%");
            console.button("Cancel").click();
            assertThat(console.page.locator("main")).containsText("The simulation was stopped");
            assertThat(console.button("Simulate")).isEnabled();
        }
    }
}
