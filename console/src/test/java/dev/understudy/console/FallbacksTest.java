package dev.understudy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.understudy.console.ConsoleInBrowser.button;
import static dev.understudy.console.ConsoleInBrowser.shownTargets;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page of the chains: what is edited is what is sent, nothing is overwritten silently, nothing unsaved is lost. */
@Timeout(180)
class FallbacksTest {
    private static final List<String> ASSISTANT =
            List.of("openai/gpt-5.1", "anthropic/claude-sonnet-4-5", "local/llama");

    private static List<String> sentTargets(ConsoleInBrowser console) {
        List<String> names = new ArrayList<>();
        for (JsonNode target : console.lastWrite("PUT").orElseThrow().body().get("targets")) {
            names.add(target.get("target").asText());
        }
        return names;
    }

    private static void save(Locator chain) {
        button(chain, "Save").click();
        assertThat(chain.locator(".save-bar")).isHidden();
    }

    @Test
    void dragWithTheMouseChangesTheOrderThatIsSent() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            BoundingBox grip = button(chain, "Move local/llama").boundingBox();
            BoundingBox first = chain.locator(".target-item").first().boundingBox();
            double x = grip.x + grip.width / 2;
            console.page.mouse().move(x, grip.y + grip.height / 2);
            console.page.mouse().down();
            console.page.mouse().move(x, first.y + 4, new com.microsoft.playwright.Mouse.MoveOptions().setSteps(8));
            console.page.mouse().up();

            List<String> wanted = List.of("local/llama", "openai/gpt-5.1", "anthropic/claude-sonnet-4-5");
            assertThat(console.targets("assistant")).isEqualTo(wanted);
            assertThat(chain.locator(".changes")).containsText("target local/llama: position 3 -> 1");
            save(chain);
            assertThat(sentTargets(console)).isEqualTo(wanted);
            MockGateway.Write put = console.lastWrite("PUT").orElseThrow();
            assertThat(put.path()).isEqualTo("/chains/assistant");
            assertThat(put.ifMatch()).isEqualTo("\"2\"");
            // What is not edited is sent as it was.
            assertThat(put.body().at("/targets/2/timeouts/first-token").asText())
                    .isEqualTo("20s");
            assertThat(put.body().get("deadline").asText()).isEqualTo("30s");
            assertThat(console.targets("assistant")).isEqualTo(wanted);
        }
    }

    @Test
    void escapeDuringADragLeavesTheOrderAsItWas() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            BoundingBox grip = button(chain, "Move openai/gpt-5.1").boundingBox();
            console.page.mouse().move(grip.x + 5, grip.y + 5);
            console.page.mouse().down();
            console.page.mouse().move(grip.x + 5, grip.y + 400);
            assertThat(console.targets("assistant")).isNotEqualTo(ASSISTANT);
            console.page.keyboard().press("Escape");
            console.page.mouse().up();
            assertThat(console.targets("assistant")).isEqualTo(ASSISTANT);
            assertThat(chain.locator(".save-bar")).isHidden();
        }
    }

    @Test
    void dragWithAFingerReorders() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open(ColorScheme.LIGHT, 360, 800)) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            Locator grip = button(chain, "Move openai/gpt-5.1");
            // Away from the edges of the screen, where a drag scrolls.
            chain.evaluate("card => card.scrollIntoView()");
            BoundingBox from = grip.boundingBox();
            BoundingBox to = chain.locator(".target-item").nth(1).boundingBox();
            CDPSession devTools = console.context().newCDPSession(console.page);
            touch(devTools, "touchStart", from.x + 10, from.y + 10);
            for (int step = 1; step <= 5; step++) {
                touch(
                        devTools,
                        "touchMove",
                        from.x + 10,
                        from.y + 10 + (to.y + to.height - 4 - from.y - 10) * step / 5);
            }
            devTools.send(
                    "Input.dispatchTouchEvent",
                    com.google.gson.JsonParser.parseString("{\"type\": \"touchEnd\", \"touchPoints\": []}")
                            .getAsJsonObject());
            assertThat(chain.locator(".changes")).containsText("target openai/gpt-5.1: position 1 -> 2");
            save(chain);
            assertThat(sentTargets(console))
                    .containsExactly("anthropic/claude-sonnet-4-5", "openai/gpt-5.1", "local/llama");
        }
    }

    private static void touch(CDPSession devTools, String type, double x, double y) {
        JsonObject event = com.google.gson.JsonParser.parseString(
                        "{\"type\": \"%s\", \"touchPoints\": [{\"x\": %s, \"y\": %s}]}".formatted(type, x, y))
                .getAsJsonObject();
        devTools.send("Input.dispatchTouchEvent", event);
    }

    @Test
    void theKeyboardReordersAndAnnouncesIt() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            Locator announcer = console.page.locator("#announcer");
            button(chain, "Move openai/gpt-5.1").focus();
            console.page.keyboard().press("Space");
            assertThat(announcer).containsText("openai/gpt-5.1 grabbed, position 1 of 3");
            console.page.keyboard().press("ArrowDown");
            assertThat(announcer).containsText("Position 2 of 3");
            console.page.keyboard().press("Escape");
            assertThat(announcer).containsText("Moving cancelled");
            assertThat(console.targets("assistant")).isEqualTo(ASSISTANT);

            console.page.keyboard().press("Space");
            console.page.keyboard().press("ArrowDown");
            console.page.keyboard().press("ArrowDown");
            console.page.keyboard().press("ArrowDown");
            console.page.keyboard().press("Space");
            assertThat(announcer).containsText("dropped at position 3 of 3");
            assertThat(button(chain, "Move openai/gpt-5.1")).isFocused();
            save(chain);
            assertThat(sentTargets(console))
                    .containsExactly("anthropic/claude-sonnet-4-5", "local/llama", "openai/gpt-5.1");
        }
    }

    @Test
    void aTargetIsAddedFromTheListByKeyboard() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            Locator field = chain.locator("[role=combobox]");
            field.fill("opus");
            assertThat(field).hasAttribute("aria-expanded", "true");
            field.press("ArrowDown");
            assertThat(chain.locator("[aria-selected=true]")).containsText("anthropic/claude-opus-4-5");
            field.press("Enter");
            assertThat(chain.locator(".changes")).containsText("target anthropic/claude-opus-4-5: added at position 4");
            assertThat(chain.locator("[role=combobox]")).isFocused();

            chain.locator("[role=combobox]").fill("local/one-that-is-not-listed");
            chain.locator("[role=option]").click();
            assertThat(console.targets("assistant")).hasSize(5).last().isEqualTo("local/one-that-is-not-listed");
        }
    }

    @Test
    void problemsAreShownBesideTheFieldAndNothingIsSaved() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            button(chain, "Limits of local/llama").click();
            Locator field = chain.locator(".target-item").nth(2).getByLabel("First token");
            field.fill("soon");
            Locator problem = chain.locator("[data-problem=\"2.timeouts.first-token\"]");
            assertThat(problem).containsText("'soon' is not a duration");
            assertThat(field).hasAttribute("aria-invalid", "true");
            assertThat(button(chain, "Save")).isDisabled();
            chain.getByLabel("Deadline").fill("later");
            assertThat(chain.locator(".chain-foot .problem")).containsText("'later' is not a duration");

            field.fill("15s");
            chain.getByLabel("Deadline").fill("40s");
            assertThat(problem).isHidden();
            save(chain);
            assertThat(console.lastWrite("PUT")
                            .orElseThrow()
                            .body()
                            .at("/targets/2/timeouts/first-token")
                            .asText())
                    .isEqualTo("15s");
        }
    }

    /** The gateway's word counts: what the preview let through may still be refused. */
    @Test
    void aRefusedSaveShowsTheReasonBesideTheTarget() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open().expecting(422)) {
            console.page.route(
                    "**/preview",
                    route -> route.fulfill(
                            new com.microsoft.playwright.Route.FulfillOptions()
                                    .setContentType("application/json")
                                    .setBody(
                                            "{\"valid\": true, \"problems\": [], \"before\": \"\", \"after\": \"\", \"changes\": [\"one\"]}")));
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            chain.locator("[role=combobox]").fill("nowhere/model");
            chain.locator("[role=option]").click();
            button(chain, "Save").click();
            assertThat(chain.locator("[data-problem=\"3\"]")).containsText("unknown provider 'nowhere'");
            assertThat(console.gateway.settings.version()).isEqualTo(2);
        }
    }

    @Test
    void aConflictShowsWhatTheOtherEditorChangedAndCanBeAppliedAgain() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open().expecting(412)) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            button(chain, "Remove local/llama").click();
            assertThat(button(chain, "Save")).isEnabled();
            console.gateway.settings.put(
                    "assistant",
                    MockSettings.object(
                            "{\"targets\": [\"openai/gpt-5.1\", \"gemini/gemini-2.5-pro\"], \"on\": true, \"note\": \"while openai is slow\"}"),
                    "zoe");
            button(chain, "Save").click();

            Locator conflict = chain.locator(".conflict");
            assertThat(conflict).containsText("You have edited version 2; the newest is version 3.");
            assertThat(conflict).containsText("by zoe (while openai is slow)");
            assertThat(conflict).containsText("target gemini/gemini-2.5-pro: added at position 2");
            assertThat(console.targets("assistant")).containsExactly("openai/gpt-5.1", "anthropic/claude-sonnet-4-5");

            conflict.locator(".apply").click();
            assertThat(chain.locator(".changes")).containsText("target gemini/gemini-2.5-pro: removed");
            save(chain);
            assertThat(console.lastWrite("PUT").orElseThrow().ifMatch()).isEqualTo("\"3\"");
            assertThat(sentTargets(console)).containsExactly("openai/gpt-5.1", "anthropic/claude-sonnet-4-5");
        }
    }

    @Test
    void twoTabsConflictAndTheSecondCanDropItsChanges() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open().expecting(412)) {
            console.go("fallbacks");
            Page second = console.newTab();
            console.go(second, "fallbacks");
            Locator mine = console.chain("assistant");
            Locator theirs = second.locator("[data-chain=\"assistant\"]");
            button(theirs, "Remove openai/gpt-5.1").click();
            button(mine, "Remove local/llama").click();
            save(mine);

            assertThat(second.locator("main")).containsText("Version 3 was saved elsewhere.");
            button(theirs, "Save").click();
            theirs.locator(".conflict .reload").click();
            assertThat(theirs.locator(".conflict")).hasCount(0);
            assertThat(shownTargets(theirs)).containsExactly("openai/gpt-5.1", "anthropic/claude-sonnet-4-5");
            assertThat(console.gateway.settings.version()).isEqualTo(3);
        }
    }

    @Test
    void unsavedChangesSurviveOtherPagesAndSavesOfOtherChains() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            button(console.chain("assistant"), "Remove local/llama").click();
            console.page.locator("#nav").getByText("Calls").click();
            assertThat(console.page.locator("#nav .count")).containsText("1");
            console.page.locator("#nav").getByText("Fallbacks").click();
            Locator chain = console.chain("assistant");
            assertThat(chain.locator(".changes")).containsText("target local/llama: removed");

            Locator support = console.chain("support");
            button(support, "Remove openai/gpt-5.1-mini").click();
            save(support);
            assertThat(console.targets("assistant")).doesNotContain("local/llama");
            save(chain);
            assertThat(console.lastWrite("PUT").orElseThrow().ifMatch()).isEqualTo("\"3\"");
            assertThat(console.page.locator("#nav .count")).hasCount(0);
        }
    }

    @Test
    void leavingWithUnsavedChangesNeedsAConfirmation() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            button(console.chain("assistant"), "Remove local/llama").click();
            List<String> dialogs = new ArrayList<>();
            console.page.onDialog(dialog -> {
                dialogs.add(dialog.type());
                dialog.accept();
            });
            console.page.reload();
            assertThat(dialogs).containsExactly("beforeunload");
        }
    }

    @Test
    void fallbacksOfOneChainAndOfAllAreTurnedOff() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            chain.getByLabel("Fallbacks on").uncheck();
            assertThat(chain).containsText("only the first target is tried");
            save(chain);
            assertThat(console.lastWrite("PUT").orElseThrow().body().get("on").asBoolean())
                    .isFalse();

            console.page.getByLabel("Fallbacks of all chains").uncheck();
            console.page
                    .locator("dialog")
                    .getByText("Turn off", new Locator.GetByTextOptions().setExact(true))
                    .click();
            assertThat(console.page.locator(".all-switch"))
                    .containsText("Off: only the first target of each chain is tried.");
            MockGateway.Write put = console.lastWrite("PUT").orElseThrow();
            assertThat(put.path()).isEqualTo("/fallbacks");
            assertThat(put.body().toString()).isEqualTo("{\"fallbacks\":[\"openai/gpt-5.1-mini\"],\"on\":false}");
        }
    }

    @Test
    void theDefaultListIsEdited() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator list = console.chain("");
            list.locator("[role=combobox]").fill("haiku");
            list.locator("[role=option]").click();
            assertThat(list.locator(".changes")).containsText("target anthropic/claude-haiku-4-5: added at position 2");
            save(list);
            assertThat(console.lastWrite("PUT")
                            .orElseThrow()
                            .body()
                            .get("fallbacks")
                            .toString())
                    .isEqualTo("[\"openai/gpt-5.1-mini\",\"anthropic/claude-haiku-4-5\"]");
        }
    }

    @Test
    void aChainIsCreatedAndRemovedAndAChangedOneIsAsInTheFileAgain() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            console.page.getByLabel("Name of the new chain").fill("team/eu & us");
            console.button("New chain").click();
            Locator created = console.chain("team/eu & us");
            assertThat(created).containsText("a chain needs at least one target");
            created.locator("[role=combobox]").fill("gpt-5.1");
            created.locator("[role=option]").first().click();
            created.getByPlaceholder("Note").fill("for tests");
            save(created);
            MockGateway.Write put = console.lastWrite("PUT").orElseThrow();
            assertThat(put.path()).isEqualTo("/chains/team%2Feu%20%26%20us");
            assertThat(put.body().get("note").asText()).isEqualTo("for tests");

            button(created, "Remove this chain").click();
            button(console.page.locator("dialog"), "Remove").click();
            assertThat(created).hasCount(0);

            button(console.chain("thinker"), "Back to the file's").click();
            button(console.page.locator("dialog"), "Use the file's").click();
            assertThat(console.chain("thinker")).containsText("from the file");
            assertThat(console.targets("thinker")).containsExactly("anthropic/claude-opus-4-5", "openai/gpt-5.1");
        }
    }

    @Test
    void tryItSendsTheChosenFaultsAndDrawsTheWaterfall() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            chain.locator(".try-it > summary").click();
            chain.locator("[data-fault=\"anthropic/claude-sonnet-4-5\"]").selectOption("throttled");
            button(chain, "Run").click();
            assertThat(chain.locator(".result .sentence"))
                    .containsText("local/llama answered; failed attempts before it: 2.");
            assertThat(chain.locator(".result rect[data-outcome=overloaded]")).hasCount(1);
            assertThat(chain.locator(".result rect[data-outcome=rate_limited]")).hasCount(1);
            assertThat(chain.locator(".result rect[data-outcome=ok]")).hasCount(1);
            assertThat(console.lastWrite("POST /try").orElseThrow().body()).isEqualTo(MockSettings.tree("""
                    {"chain": "assistant", "message": "Say hello.", "stream": true,
                     "faults": {"openai/gpt-5.1": "down", "anthropic/claude-sonnet-4-5": "throttled", "local/llama": "ok",
                                "openai/gpt-5.1-mini": "ok"}}"""));

            button(chain, "Remove openai/gpt-5.1").click();
            button(chain, "Run").click();
            assertThat(chain.locator(".result .sentence"))
                    .containsText("local/llama answered; failed attempts before it: 1.");
            assertThat(console.lastWrite("POST /try").orElseThrow().body().get("targets"))
                    .hasSize(2);
            assertThat(console.lastWrite("POST /try")
                            .orElseThrow()
                            .body()
                            .get("fallbacks")
                            .isNull())
                    .isTrue();
        }
    }

    @Test
    void realCallIsMadeOnlyAfterItsTargetsWereConfirmed() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            chain.locator(".try-it > summary").click();
            assertThat(chain.locator(".costs")).isHidden();
            chain.getByLabel("Real").check();
            assertThat(chain.locator(".costs li"))
                    .hasText(new String[] {"anthropic/claude-sonnet-4-5", "local/llama", "openai/gpt-5.1-mini"});
            chain.locator("[data-fault=\"local/llama\"]").selectOption("cut");
            assertThat(chain.locator(".costs")).containsText("local/llama and its answer is cut");
            chain.getByLabel("Tokens of the answer").fill("9000");
            button(chain, "Run for real…").click();
            assertThat(console.page.locator("dialog")).hasCount(0);
            chain.getByLabel("Tokens of the answer").fill("40");
            button(chain, "Run for real…").click();
            Locator dialog = console.page.locator("dialog");
            assertThat(dialog).containsText("at most 40 tokens");
            button(dialog, "Cancel").click();
            assertThat(dialog).hasCount(0);
            assertThat(console.lastWrite("POST /try")).isEmpty();

            button(chain, "Run for real…").click();
            button(dialog, "Call the real providers").click();
            assertThat(chain.locator(".consumption")).containsText("9 tokens of prompt, 21 of answer; cost $0.00034.");
            assertThat(chain.locator(".waterfall text").getByText("a chosen fault"))
                    .hasCount(1);
            assertThat(console.lastWrite("POST /try").orElseThrow().body()).isEqualTo(MockSettings.tree("""
                    {"chain": "assistant", "message": "Say hello.", "stream": true, "real": true, "max_tokens": 40,
                     "faults": {"openai/gpt-5.1": "down", "anthropic/claude-sonnet-4-5": "ok", "local/llama": "cut",
                                "openai/gpt-5.1-mini": "ok"}}"""));

            chain.locator(".consumption a").click();
            assertThat(console.page.getByLabel("Caller")).hasValue("(console)");
        }
    }

    @Test
    void realCallsAreNotOfferedWhereDrillsAreForbidden() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.gateway.drills.forbid();
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            chain.locator(".try-it > summary").click();
            assertThat(chain).containsText("The configuration forbids real calls of the console");
            assertThat(chain.getByLabel("Real")).isDisabled();
        }
    }

    @Test
    void aChainsOwnFallbacksAreEdited() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            assertThat(chain).containsText("Then the default list: openai/gpt-5.1-mini");
            Locator own = chain.locator(".own-fallbacks");
            own.locator("input[type=checkbox]").check();
            assertThat(own.locator(".target-item")).hasCount(1);
            assertThat(chain.locator(".changes")).containsText("fallbacks: none stated -> openai/gpt-5.1-mini");

            own.locator("[role=combobox]").fill("haiku");
            own.locator("[role=option]").click();
            own.locator("[role=combobox]").fill("think");
            assertThat(own.locator("[role=option]")).containsText("chain");
            own.locator("[role=option]").click();
            own.locator("[role=combobox]").fill("nowhere/x");
            own.locator("[role=option]").click();
            assertThat(own.locator("[data-problem=\"3\"]")).containsText("unknown provider or model 'nowhere/x'");
            assertThat(chain.locator(".target-list").first().locator(".problem:visible"))
                    .hasCount(0);
            assertThat(button(chain, "Save")).isDisabled();
            button(own, "Remove nowhere/x").click();

            button(own, "Move thinker").focus();
            console.page.keyboard().press("Space");
            console.page.keyboard().press("ArrowUp");
            console.page.keyboard().press("Space");
            assertThat(chain.locator(".changes"))
                    .containsText("-> openai/gpt-5.1-mini, thinker, anthropic/claude-haiku-4-5");
            save(chain);
            JsonNode sent = console.lastWrite("PUT").orElseThrow().body();
            assertThat(sent.get("fallbacks").toString())
                    .isEqualTo("[\"openai/gpt-5.1-mini\",\"thinker\",\"anthropic/claude-haiku-4-5\"]");
            assertThat(sentTargets(console)).isEqualTo(ASSISTANT);

            own.locator("input[type=checkbox]").uncheck();
            save(chain);
            assertThat(console.lastWrite("PUT")
                            .orElseThrow()
                            .body()
                            .get("fallbacks")
                            .isNull())
                    .isTrue();
            assertThat(chain).containsText("Then the default list: openai/gpt-5.1-mini");
            assertThat(console.chain("drill")).containsText("nothing follows the targets, the default list neither");
        }
    }

    @Test
    void whatIsTriedHasTheUnsavedFallbacks() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            chain.locator(".own-fallbacks input[type=checkbox]").check();
            button(chain.locator(".own-fallbacks"), "Remove openai/gpt-5.1-mini")
                    .click();
            chain.locator(".try-it > summary").click();
            assertThat(chain.locator("[data-fault]")).hasCount(3);
            button(chain, "Run").click();
            assertThat(chain.locator(".result .sentence")).isVisible();
            JsonNode tried = console.lastWrite("POST /try").orElseThrow().body();
            assertThat(tried.get("fallbacks").toString()).isEqualTo("[]");
        }
    }

    @Test
    void membersOfAGroupThatChainsNameAreEdited() {
        try (ConsoleInBrowser console =
                ConsoleInBrowser.open(Samples::fillWithGroup).expecting(422)) {
            console.go("fallbacks");
            Locator group = console.page.locator("[data-group=pool]");
            assertThat(group).containsText("in pooled");
            assertThat(group.locator(".share")).hasText(new String[] {"75% of the calls", "25% of the calls"});
            button(console.chain("pooled"), "Members of the group pool").click();
            assertThat(group).isFocused();

            group.getByLabel("Weight of local/llama").fill("1");
            assertThat(group.locator(".share").first()).hasText("50% of the calls");
            button(group, "Remove openai/gpt-5.1 from pool").click();
            group.locator("[role=combobox]").fill("haiku");
            group.locator("[role=option]").click();
            assertThat(group.locator(".changes li")).hasText(new String[] {
                "member local/llama: weight 3 -> 1",
                "member anthropic/claude-haiku-4-5: added",
                "member openai/gpt-5.1: removed"
            });
            assertThat(console.page.locator("#nav .count")).hasText("1 unsaved");

            group.getByLabel("Weight of anthropic/claude-haiku-4-5").fill("heavy");
            button(group, "Save").click();
            assertThat(group.locator(".member .problem:visible")).hasText("`heavy` is not a number");
            group.getByLabel("Weight of anthropic/claude-haiku-4-5").fill("");
            button(group, "Save").click();
            assertThat(group).containsText("file, changed here");
            MockGateway.Write put = console.lastWrite("PUT /groups/pool").orElseThrow();
            assertThat(put.ifMatch()).isEqualTo("\"2\"");
            assertThat(put.body()).isEqualTo(MockSettings.tree("""
                    {"strategy": "weighted", "members": [{"target": "local/llama", "weight": 1}, "anthropic/claude-haiku-4-5"]}"""));

            button(group, "Back to the file's").click();
            button(console.page.locator("dialog"), "Use the file's").click();
            assertThat(group.locator(".share").first()).hasText("75% of the calls");
        }
    }

    @Test
    void groupIsMadeInAChainAndWeightsAreLeftOutWhereTheyHaveNoEffect() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open(Samples::fillWithGroup)) {
            console.go("fallbacks");
            Locator chain = console.chain("support");
            Locator list = chain.locator(".target-list").first();
            button(list, "Add a group").click();
            Locator own = list.locator(".own-group");
            assertThat(own.locator("[role=combobox]")).isFocused();
            assertThat(own.locator(".problem:visible")).containsText("a group needs at least one member");
            for (String member : new String[] {"local/llama", "openai/o3"}) {
                own.locator("[role=combobox]").fill(member);
                own.locator("[role=option]").first().click();
            }
            own.getByLabel("Weight of openai/o3").fill("4");
            assertThat(list.locator(".target-item").last().locator(".step-facts"))
                    .hasText("weighted: local/llama, openai/o3 (4)");
            own.getByLabel("Strategy").selectOption("lowest-latency");
            assertThat(own.locator(".member input")).hasCount(0);
            save(chain);
            assertThat(console.lastWrite("PUT")
                            .orElseThrow()
                            .body()
                            .get("targets")
                            .get(2))
                    .isEqualTo(MockSettings.tree("""
                    {"strategy": "lowest-latency", "members": [{"target": "local/llama"}, {"target": "openai/o3"}]}"""));

            // A group that has a name is offered beside the models.
            list.locator(".add [role=combobox]").last().fill("pool");
            list.locator(".add [role=option]").click();
            save(chain);
            assertThat(console.lastWrite("PUT")
                            .orElseThrow()
                            .body()
                            .get("targets")
                            .get(3)
                            .toString())
                    .isEqualTo("{\"target\":\"pool\"}");
        }
    }
}
