package dev.understudy.console;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;

/** Takes the pictures of {@code docs/images}. {@code args}: the folder, and perhaps {@code DARK} and the width of the screen, to look at them. */
final class Screenshots {
    private static final int WIDTH = 1200;

    private Screenshots() {}

    public static void main(String... args) {
        Path folder = Path.of(args[0]);
        ColorScheme scheme = args.length > 1 ? ColorScheme.valueOf(args[1]) : ColorScheme.LIGHT;
        int width = args.length > 2 ? Integer.parseInt(args[2]) : WIDTH;
        try (ConsoleInBrowser console =
                ConsoleInBrowser.open(Samples::fillWithGroup, scheme, Math.min(width + 80, WIDTH + 80), 820)) {
            Page page = console.page;
            console.go("overview");
            page.locator(".health-card").first().waitFor();
            picture(page, folder.resolve("console-overview.png"));

            page.setViewportSize(width, 620);
            console.go("calls/call_01k8f3");
            page.locator(".waterfall svg").waitFor();
            picture(page, folder.resolve("console-waterfall.png"));

            MockDrills.samples(console.gateway.drills);
            page.setViewportSize(width, 900);
            console.go("drills");
            page.reload();
            page.locator(".drill").nth(1).waitFor();
            picture(page, folder.resolve("console-drills.png"));
            for (String name : new String[] {"outage", "storm"}) {
                console.button("End " + name).click();
            }

            page.setViewportSize(width, 1060);
            console.go("simulate");
            page.getByLabel("Chain").selectOption("assistant");
            console.button("Simulate").click();
            page.locator(".plot svg").nth(1).waitFor();
            picture(page, folder.resolve("console-simulate.png"));

            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            tryOut(page, chain);
            show(page, chain.locator(".try-it"), width, 860);
            picture(page, folder.resolve("console-try-it.png"));
            chain.locator(".try-it > summary").click();

            Locator grip = ConsoleInBrowser.button(chain, "Move local/llama");
            grip.focus();
            for (String key : new String[] {"Space", "ArrowUp", "Space"}) {
                page.keyboard().press(key);
            }
            chain.locator(".save-bar").waitFor();
            ConsoleInBrowser.button(chain.locator(".target-list").first(), "Add a group")
                    .click();
            Locator own = chain.locator(".own-group");
            for (String member : new String[] {"claude-haiku", "gemini"}) {
                own.locator("[role=combobox]").fill(member);
                own.locator("[role=option]").first().click();
            }
            own.getByLabel("Weight of anthropic/claude-haiku-4-5").fill("3");
            page.waitForTimeout(600);
            show(page, chain, width, 1000);
            picture(page, folder.resolve("console-fallbacks.png"));

            console.go("prices");
            page.locator("[data-price=\"openai/gpt-5.1\"]").getByLabel("Output").fill("8.80");
            page.setViewportSize(width, 1000);
            picture(page, folder.resolve("console-prices.png"));
        }
        // Playwright's threads are no daemons.
        System.exit(0);
    }

    private static void tryOut(Page page, Locator chain) {
        chain.locator(".try-it > summary").click();
        chain.getByLabel("Real").check();
        chain.locator(".run").click();
        ConsoleInBrowser.button(page.locator("dialog"), "Call the real providers")
                .click();
        chain.locator(".waterfall svg").waitFor();
    }

    private static void show(Page page, Locator part, int width, int height) {
        page.setViewportSize(width, height);
        part.evaluate("part => { document.activeElement.blur(); part.scrollIntoView(); }");
    }

    private static void picture(Page page, Path file) {
        page.waitForTimeout(300);
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }
}
