package dev.understudy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.understudy.console.ConsoleInBrowser.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pages of the keys and of the providers: a key is seen once, and what opens or closes the gateway is said before. */
@Timeout(180)
class AccessTest {
    private static Locator key(ConsoleInBrowser console, String name) {
        return console.page.locator("[data-key=\"" + name + "\"]");
    }

    private static Locator field(Locator within, String label) {
        return within.getByLabel(label, new Locator.GetByLabelOptions().setExact(false));
    }

    @Test
    void keyIsMadeWithItsLimitsAndShownOnce() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("keys");
            assertThat(key(console, "team-search")).containsText("$1.23 of $5.00");
            assertThat(key(console, "team-search").locator("button")).hasCount(0);
            assertThat(key(console, "ci")).containsText("expired");
            Locator form = console.page.locator(".new-key");
            form.locator("summary").click();
            field(form, "Name of its holder").fill("support");
            field(form, "Models").fill("assistant, openai/*");
            field(form, "Requests per minute").fill("60");
            field(form, "Budget per day").fill("2.50");
            assertThat(form.locator("input[type=checkbox]")).hasCount(0);
            button(form, "Make the key").click();

            assertThat(console.page.locator(".created")).containsText(MockAccess.SECRET);
            assertThat(key(console, "support")).containsText("assistant, openai/*");
            JsonNode sent = console.lastWrite("POST /keys").orElseThrow().body();
            assertThat(sent.toString())
                    .isEqualTo("{\"name\":\"support\",\"limits\":{\"models\":[\"assistant\",\"openai/*\"],"
                            + "\"requests-per-minute\":60,\"budget\":{\"day\":2.5}}}");
            console.button("I have copied it").click();
            assertThat(console.page.locator("main")).not().containsText(MockAccess.SECRET);
            console.page.reload();
            key(console, "support").waitFor();
            assertThat(console.page.locator("main")).not().containsText(MockAccess.SECRET);
            assertThat((Boolean) console.page.evaluate(
                            "secret => JSON.stringify([{...localStorage}, {...sessionStorage}]).includes(secret)",
                            MockAccess.SECRET))
                    .isFalse();
        }
    }

    @Test
    void firstKeyAndLastKeyAreConfirmed() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open(gateway -> {})) {
            console.go("keys");
            assertThat(console.page.locator("main")).containsText("The first key closes the gateway");
            Locator form = console.page.locator(".new-key");
            form.locator("summary").click();
            field(form, "Name of its holder").fill("first");
            button(form, "Make the key").click();
            // The browser asks for the box.
            assertThat(console.page.locator(".created")).hasCount(0);
            form.locator("input[type=checkbox]").check();
            button(form, "Make the key").click();
            key(console, "first").waitFor();
            assertThat(console.lastWrite("POST /keys")
                            .orElseThrow()
                            .body()
                            .path("close_gateway")
                            .asBoolean())
                    .isTrue();
            assertThat(console.page.locator("main")).containsText("closed: callers need a key");

            console.button("Revoke first").click();
            assertThat(console.page.locator("dialog")).containsText("every client that reaches the gateway may call");
            console.button("Cancel").click();
            assertThat(key(console, "first")).isVisible();
            console.button("Revoke first").click();
            console.button("Revoke and open the gateway").click();
            assertThat(console.page.locator("main")).containsText("No keys yet");
            assertThat(console.page.locator(".created")).hasCount(0);
        }
    }

    @Test
    void wrongLimitIsToldAtItsField() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open().expecting(422).expecting(409)) {
            console.go("keys");
            console.button("Edit the limits of ci").click();
            Locator ci = key(console, "ci");
            field(ci, "Requests per minute").fill("many");
            button(ci, "Save").click();
            assertThat(ci.locator("[aria-invalid=true]")).hasCount(1);
            assertThat(ci).containsText("is not a whole number");
            field(ci, "Requests per minute").fill("5");
            field(ci, "Last day").fill("");
            button(ci, "Save").click();
            assertThat(console.page.locator("main")).containsText("The limits of ci are changed");
            assertThat(console.lastWrite("PATCH")
                            .orElseThrow()
                            .body()
                            .at("/limits/expires")
                            .isNull())
                    .isTrue();

            Locator form = console.page.locator(".new-key");
            form.locator("summary").click();
            field(form, "Name of its holder").fill("ci");
            button(form, "Make the key").click();
            assertThat(form.locator("[role=alert]")).containsText("there is a key with this name already");
        }
    }

    @Test
    void twoTabsDoNotOverwriteEachOther() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open().expecting(412)) {
            console.go("keys");
            Page other = console.newTab();
            console.go(other, "keys");
            for (Page page : new Page[] {console.page, other}) {
                Locator ci = page.locator("[data-key=ci]");
                button(ci, "Edit the limits of ci").click();
                field(ci, "Requests per minute").fill(page.equals(other) ? "7" : "5");
                button(ci, "Save").click();
                if (page.equals(other)) {
                    assertThat(ci).containsText("Not saved.");
                    button(ci, "Try again").click();
                    assertThat(ci).containsText("Requests per minute5");
                } else {
                    assertThat(page.locator("main")).containsText("The limits of ci are changed");
                }
            }
        }
    }

    @Test
    void pageSaysWhyNoKeyCanBeMade() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open(gateway -> gateway.access.canCreate = false)) {
            console.go("keys");
            assertThat(console.page.locator("main")).containsText("Set an admin key first");
            assertThat(console.page.locator(".new-key")).hasCount(0);
        }
    }

    @Test
    void connectionIsTestedAndWhatTheProviderSaysStaysText() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("providers");
            Locator openai = console.page.locator("[data-provider=openai]");
            assertThat(openai).containsText("2 keys");
            assertThat(openai).containsText("the default fallbacks");
            button(openai, "Test the connection of openai").click();
            assertThat(openai.locator(".result")).containsText("Incorrect API key <b>provided</b>");
            assertThat(openai.locator(".result")).containsText("Set another key here");
            assertThat(openai.locator(".result b")).hasCount(0);
            assertThat(console.page.locator("[data-provider=bedrock] .card-head button"))
                    .hasCount(0);
        }
    }

    @Test
    void keyOfAProviderIsWrittenAndNeverShown() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("providers");
            Locator openai = console.page.locator("[data-provider=openai]");
            openai.locator("summary").click();
            assertThat(openai).containsText("kept in memory until the gateway ends");
            openai.getByLabel("Key of openai").fill("a-new-secret");
            button(openai, "Use this key").click();
            assertThat(openai).containsText("key set here, until the gateway ends");
            assertThat(openai).containsText("is used from the next attempt on");
            assertThat(console.lastWrite("PUT").orElseThrow().path()).isEqualTo("/providers/openai/key");
            assertThat(
                            (Boolean)
                                    console.page.evaluate(
                                            "() => [...document.querySelectorAll('input')].some((input) => input.value.includes('secret'))"))
                    .isFalse();
            assertThat(console.page.content()).doesNotContain("a-new-secret");
            openai.locator("summary").click();
            button(openai, "Back to the configuration's key").click();
            assertThat(openai).containsText("key from the configuration");
        }
    }
}
