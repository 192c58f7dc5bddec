package dev.understudy.gateway.admin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console in a headless Chromium against the gateway itself: what is saved there is what the next call does. */
@Timeout(300)
class ConsoleOnGatewayTest {
    /** Long, because a busy machine is no fault of the pages. */
    private static final int TIMEOUT_MS = 60_000;

    private static final String MODELS = "models: {assistant: {targets: [one/a, two/b, three/c]}}";
    private static final String ASK =
            "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final Reply ANSWER = Reply.json(
            200,
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":40,\"total_tokens\":140}}");

    @TempDir
    private Path folder;

    private final List<String> errors = new CopyOnWriteArrayList<>();

    private static Path chromium() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(place -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> fail("this test needs Chromium. On Debian or Ubuntu: sudo apt install chromium"));
    }

    private static Locator button(Locator within, String name) {
        return within.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    private static String target(GatewayFixture gateway, String... headers) {
        return gateway.chat(ASK, headers).header("understudy-target").orElse("none");
    }

    private Page open(BrowserContext context, GatewayFixture gateway, String path) {
        Page page = context.newPage();
        page.onPageError(errors::add);
        page.navigate("http://127.0.0.1:" + gateway.port() + "/console/#/" + path);
        page.locator("h1").waitFor();
        return page;
    }

    private static Locator chain(Page page) {
        return page.locator("[data-chain=assistant]");
    }

    private static void save(Locator chain) {
        button(chain, "Save").click();
        assertThat(chain.locator(".save-bar")).isHidden();
    }

    @Test
    void whatIsSavedInTheConsoleIsWhatTheNextCallDoes() {
        String yaml =
                GatewayFixture.withProviders(MODELS).replace("drain: 0s", "drain: 0s, admin: {key: the-admin-key}");
        try (GatewayFixture gateway = GatewayFixture.startIn(folder, yaml, Stores.open(StoreOptions.in(folder)));
                Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")))) {
            PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MS);
            gateway.upstreams().forEach(upstream -> upstream.answerAlways(ANSWER));
            BrowserContext context = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions().setExecutablePath(chromium()))
                    .newContext();
            context.setDefaultTimeout(TIMEOUT_MS);
            Page page = open(context, gateway, "fallbacks");
            signIn(page);
            assertThat(target(gateway)).isEqualTo("one/a");

            dragToTheTop(page, "Move two/b");
            assertThat(chain(page).locator(".changes")).containsText("target two/b: position 2 -> 1");
            assertThat(target(gateway)).as("nothing changes before it is saved").isEqualTo("one/a");
            save(chain(page));
            assertThat(target(gateway)).isEqualTo("two/b");

            badEditIsRefused(page);
            assertThat(target(gateway)).isEqualTo("two/b");

            twoTabsConflict(context, gateway);
            ownFallbacksAreTried(page, gateway);
            realCallReachesTheSecondProviderOnly(page, gateway);
            priceIsEdited(page, gateway);
            keyIsMade(page, gateway);
            assertThat(errors).isEmpty();
        }
    }

    private static void signIn(Page page) {
        page.getByLabel("Admin key").fill("the-admin-key");
        page.getByLabel("Your name").fill("ann");
        page.locator(".sign-in button").click();
        chain(page).waitFor();
    }

    private static void dragToTheTop(Page page, String grip) {
        BoundingBox from = button(chain(page), grip).boundingBox();
        BoundingBox first = chain(page).locator(".target-item").first().boundingBox();
        double x = from.x + from.width / 2;
        page.mouse().move(x, from.y + from.height / 2);
        page.mouse().down();
        page.mouse().move(x, first.y + 4, new Mouse.MoveOptions().setSteps(8));
        page.mouse().up();
    }

    /** The preview would say it before; without it, the refusal of the save is what the editor sees. */
    private static void badEditIsRefused(Page page) {
        page.route(
                "**/preview",
                route -> route.fulfill(
                        new Route.FulfillOptions()
                                .setContentType("application/json")
                                .setBody(
                                        "{\"valid\": true, \"problems\": [], \"before\": \"\", \"after\": \"\", \"changes\": [\"one\"]}")));
        chain(page).locator("[role=combobox]").fill("nowhere/model");
        chain(page).locator("[role=option]").click();
        button(chain(page), "Save").click();
        assertThat(chain(page).locator("[data-problem=\"3\"]")).containsText("nowhere");
        page.unroute("**/preview");
        button(chain(page), "Remove nowhere/model").click();
        assertThat(chain(page).locator(".save-bar")).isHidden();
    }

    private void twoTabsConflict(BrowserContext context, GatewayFixture gateway) {
        Page one = open(context, gateway, "fallbacks");
        signIn(one);
        Page other = open(context, gateway, "fallbacks");
        signIn(other);
        button(chain(one), "Remove three/c").click();
        button(chain(other), "Remove one/a").click();
        assertThat(button(chain(other), "Save")).isEnabled();
        save(chain(one));
        button(chain(other), "Save").click();
        Locator conflict = chain(other).locator(".conflict");
        assertThat(conflict).containsText("by ann");
        assertThat(conflict).containsText("target three/c: removed");
        conflict.locator(".reload").click();
        assertThat(chain(other).locator(".target-item")).hasCount(2);
        assertThat(target(gateway)).isEqualTo("two/b");
        one.close();
        other.close();
    }

    /** After the targets of the chain, in place of the default list. */
    private static void ownFallbacksAreTried(Page page, GatewayFixture gateway) {
        assertThat(chain(page).locator(".target-item")).hasCount(2);
        Locator own = chain(page).locator(".own-fallbacks");
        own.locator("input[type=checkbox]").check();
        own.locator("[role=combobox]").fill("three/c");
        own.locator("[role=option]").click();
        assertThat(chain(page).locator(".changes")).containsText("fallbacks: none stated -> three/c");
        gateway.one().answerAlways(Reply.json(503, "{}"));
        gateway.two().answerAlways(Reply.json(503, "{}"));
        save(chain(page));
        assertThat(target(gateway)).isEqualTo("three/c");
        gateway.one().answerAlways(ANSWER);
        gateway.two().answerAlways(ANSWER);
    }

    /** The first target is down for this call alone. */
    private static void realCallReachesTheSecondProviderOnly(Page page, GatewayFixture gateway) {
        int before = gateway.two().requestCount();
        int calledBefore = gateway.one().requestCount();
        Locator tried = chain(page).locator(".try-it");
        tried.locator("> summary").click();
        tried.getByLabel("Real").check();
        tried.getByLabel("Stream").uncheck();
        assertThat(tried.locator(".costs li")).hasText(new String[] {"one/a", "three/c"});
        button(tried, "Run for real…").click();
        button(page.locator("dialog"), "Call the real providers").click();
        assertThat(tried.locator(".sentence")).containsText("one/a answered");
        assertThat(tried.locator(".answer")).hasText("hi");
        assertThat(tried.locator(".waterfall text").getByText("a chosen fault"))
                .not()
                .hasCount(0);
        assertThat(gateway.two().requestCount()).isEqualTo(before);
        assertThat(gateway.one().requestCount()).isEqualTo(calledBefore + 1);
    }

    private static void priceIsEdited(Page page, GatewayFixture gateway) {
        page.locator("#nav").getByText("Prices").click();
        Locator price = page.locator("[data-price='two/b']");
        assertThat(price.locator(".badge")).hasText("no price: counts as 0");
        price.getByLabel("Output").fill("7.5");
        assertThat(button(page.locator("main"), "Save")).isDisabled();
        price.getByLabel(Pattern.compile("^Input")).fill("2.5");
        button(page.locator("main"), "Save").click();
        assertThat(price.locator(".badge")).hasText("set here");
        String id = gateway.chat(ASK).header("understudy-call-id").orElseThrow();
        assertThat(gateway.logWith(id))
                .filteredOn(line -> line.contains(id))
                .first()
                .asString()
                .contains("\"cost_usd\":0.00055");
    }

    private static void keyIsMade(Page page, GatewayFixture gateway) {
        page.locator("#nav").getByText("Keys").click();
        Locator form = page.locator(".new-key");
        form.locator("summary").click();
        form.getByLabel("Name of its holder").fill("team");
        form.locator("input[type=checkbox]").check();
        button(form, "Make the key").click();
        String key = page.locator(".created code").textContent();
        page.locator("[data-key=team]").waitFor();
        assertThat(gateway.chat(ASK).status()).isEqualTo(401);
        RawAnswer answer = gateway.chat(ASK, "Authorization: Bearer " + key);
        assertThat(answer.status()).isEqualTo(200);

        page.locator("#nav").getByText("Providers").click();
        Locator one = page.locator("[data-provider=one]");
        button(one, "Test the connection of one").click();
        // The scripted upstream answers everything with a completion, which is JSON.
        assertThat(one.locator(".result")).containsText("Connected");
    }
}
