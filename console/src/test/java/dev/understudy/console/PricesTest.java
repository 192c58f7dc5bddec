package dev.understudy.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page Prices: where each price comes from, edits with their differences, errors beside the field, conflicts. */
@Timeout(120)
class PricesTest {
    private static Locator price(ConsoleInBrowser console, String target) {
        return price(console.page, target);
    }

    private static Locator price(Page page, String target) {
        return page.locator("[data-price=\"" + target + "\"]");
    }

    private static Locator amount(Locator price, String name) {
        return price.getByLabel(Pattern.compile("^" + name + " of "));
    }

    @Test
    void originOfEachPriceIsShown() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("prices");
            assertThat(price(console, "openai/gpt-5.1").locator(".badge")).hasText("list price");
            assertThat(amount(price(console, "openai/gpt-5.1"), "Cached input")).hasValue("0.125");
            assertThat(price(console, "local/llama").locator(".badge")).hasText("by local/*");
            assertThat(price(console, "local/*").locator(".badge")).hasText("from the file");
            assertThat(price(console, "gemini/gemini-2.5-pro").locator(".badge"))
                    .hasText("no price: counts as 0");
            assertThat(price(console, "openai/gpt-5.1-mini")).hasCount(0);
            console.page.getByLabel("Show all models").check();
            assertThat(price(console, "openai/gpt-5.1-mini")).hasCount(1);
        }
    }

    @Test
    void editIsSavedAsAVersionWithWhatItChanges() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("prices");
            Locator gpt = price(console, "openai/gpt-5.1");
            amount(gpt, "Output").fill("12");
            amount(gpt, "Cached input").fill("");
            assertThat(console.page.locator(".changes li"))
                    .hasText("price of openai/gpt-5.1: cached-input 0.125 -> as input, output 10 -> 12");
            assertThat(console.page.locator("#nav .count")).hasText("1 unsaved");
            console.page.getByPlaceholder("Note: why").fill("new contract");
            console.button("Save").click();
            assertThat(console.page.locator(".notice.good")).containsText("The next call is counted by them");
            MockGateway.Write put = console.lastWrite("PUT /prices").orElseThrow();
            assertThat(put.ifMatch()).isEqualTo("\"2\"");
            assertThat(put.body()).isEqualTo(MockSettings.tree("""
                    {"prices": {"openai/gpt-5.1": {"input": "1.25", "cached-input": "", "output": "12"}}, "note": "new contract"}"""));
            assertThat(gpt.locator(".badge")).hasText("set here");
            assertThat(console.page.locator("#nav .count")).hasCount(0);

            gpt.locator(".back").click();
            assertThat(console.page.locator(".changes li")).hasText("price of openai/gpt-5.1: removed");
            console.button("Save").click();
            assertThat(gpt.locator(".badge")).hasText("list price");
            assertThat(amount(gpt, "Output")).hasValue("10");
        }
    }

    @Test
    void priceOfAPatternIsAdded() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            console.go("prices");
            console.page.locator("[role=combobox]").fill("gemini/*");
            console.page.locator("[role=option]").click();
            Locator added = price(console, "gemini/*");
            assertThat(amount(added, "Input")).isFocused();
            assertThat(console.button("Save")).isDisabled();
            amount(added, "Input").fill("1");
            amount(added, "Output").fill("5.5");
            console.button("Save").click();
            assertThat(price(console, "gemini/gemini-2.5-pro").locator(".badge"))
                    .hasText("by gemini/*");
        }
    }

    @Test
    void badAmountIsNamedAtItsField() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open().expecting(422)) {
            console.go("prices");
            Locator input = amount(price(console, "openai/gpt-5.1"), "Input");
            input.fill("1,25");
            assertThat(price(console, "openai/gpt-5.1").locator("[data-problem=input]"))
                    .containsText("Not an amount of US dollars");
            assertThat(input).hasAttribute("aria-invalid", "true");
            assertThat(console.button("Save")).isDisabled();

            // What only the gateway knows is shown at the field too.
            input.fill("999999");
            console.button("Save").click();
            assertThat(price(console, "openai/gpt-5.1").locator("[data-problem=input]"))
                    .containsText("more than anyone pays");
            input.fill("2");
            assertThat(price(console, "openai/gpt-5.1").locator(".problem:visible"))
                    .hasCount(0);
            console.button("Save").click();
            assertThat(console.page.locator(".notice.good")).isVisible();
        }
    }

    @Test
    void secondEditorChoosesBetweenBothChanges() {
        try (ConsoleInBrowser console = ConsoleInBrowser.open().expecting(412)) {
            console.go("prices");
            amount(price(console, "openai/gpt-5.1"), "Output").fill("11");
            Page other = console.newTab();
            console.go(other, "prices");
            amount(price(other, "openai/gpt-5.1"), "Output").fill("12");
            ConsoleInBrowser.button(other.locator("body"), "Save").click();
            assertThat(other.locator(".notice.good")).isVisible();

            console.button("Save").click();
            Locator conflict = console.page.locator(".conflict");
            assertThat(conflict).containsText("price of openai/gpt-5.1");
            assertThat(console.page.locator(".save-bar")).isHidden();
            conflict.locator(".apply").click();
            assertThat(console.page.locator(".changes li")).hasText("price of openai/gpt-5.1: output 12 -> 11");
            console.button("Save").click();
            assertThat(console.page.locator(".notice.good")).isVisible();
            assertThat(amount(price(console, "openai/gpt-5.1"), "Output")).hasValue("11");

            // An edit that is left and found again is one of the version in which it began.
            amount(price(console, "local/*"), "Input").fill("0.2");
            console.go("keys");
            amount(price(other, "local/*"), "Input").fill("0.3");
            ConsoleInBrowser.button(other.locator("body"), "Save").click();
            assertThat(other.locator(".save-bar")).isHidden();
            console.go("prices");
            assertThat(console.page.locator(".conflict")).isVisible();
            console.page.locator(".conflict .reload").click();
            assertThat(amount(price(console, "local/*"), "Input")).hasValue("0.3");
        }
    }
}
