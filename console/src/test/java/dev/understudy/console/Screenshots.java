package dev.understudy.console;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;

/** Takes the pictures of {@code docs/images}. {@code args}: the folder. */
final class Screenshots {
    private Screenshots() {}

    public static void main(String... args) {
        Path folder = Path.of(args[0]);
        try (ConsoleInBrowser console = ConsoleInBrowser.open()) {
            Page page = console.page;
            page.setViewportSize(1280, 820);
            console.go("overview");
            page.locator(".health-card").first().waitFor();
            picture(page, folder.resolve("console-overview.png"));

            page.setViewportSize(1200, 620);
            console.go("calls/call_01k8f3");
            page.locator(".waterfall svg").waitFor();
            picture(page, folder.resolve("console-waterfall.png"));

            MockDrills.samples(console.gateway.drills);
            page.setViewportSize(1200, 900);
            console.go("drills");
            page.reload();
            page.locator(".drill").nth(1).waitFor();
            picture(page, folder.resolve("console-drills.png"));
            for (String name : new String[] {"outage", "storm"}) {
                console.button("End " + name).click();
            }

            page.setViewportSize(1200, 1060);
            console.go("simulate");
            page.getByLabel("Chain").selectOption("assistant");
            console.button("Simulate").click();
            page.locator(".plot svg").nth(1).waitFor();
            picture(page, folder.resolve("console-simulate.png"));

            console.go("fallbacks");
            Locator chain = console.chain("assistant");
            Locator grip = ConsoleInBrowser.button(chain, "Move local/llama");
            grip.focus();
            for (String key : new String[] {"Space", "ArrowUp", "Space"}) {
                page.keyboard().press(key);
            }
            chain.locator(".save-bar").waitFor();
            chain.locator(".try-it > summary").click();
            chain.locator(".run").click();
            chain.locator(".waterfall svg").waitFor();
            page.setViewportSize(1200, 1120);
            chain.evaluate("card => { document.activeElement.blur(); card.scrollIntoView(); }");
            picture(page, folder.resolve("console-fallbacks.png"));
        }
        // Playwright's threads are no daemons.
        System.exit(0);
    }

    private static void picture(Page page, Path file) {
        page.waitForTimeout(300);
        page.screenshot(new Page.ScreenshotOptions().setPath(file));
    }
}
