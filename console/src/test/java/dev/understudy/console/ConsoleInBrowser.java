package dev.understudy.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The console in a headless Chromium, with a gateway of its own. What the browser's console reports as an error fails the test. */
final class ConsoleInBrowser implements AutoCloseable {
    /** Long, because a busy machine is no fault of the pages. */
    private static final int TIMEOUT_MS = 20_000;

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    final MockGateway gateway = new MockGateway(0);
    final Page page;

    private final BrowserContext context;
    private final List<String> errors = new ArrayList<>();
    private final Set<String> expected = new HashSet<>();

    private ConsoleInBrowser(Consumer<MockGateway> setUp, ColorScheme scheme, int width, int height) {
        setUp.accept(gateway);
        context = Shared.BROWSER.newContext(new Browser.NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(width, height)
                .setHasTouch(width < 500)
                .setLocale("en-GB"));
        context.setDefaultTimeout(TIMEOUT_MS);
        // Before each page, where the content security policy of the page does not concern it.
        context.addInitScript(Shared.AXE);
        page = context.newPage();
        watch(page);
    }

    /** One browser for all tests: starting it takes longer than most of them. */
    private static final class Shared {
        static final Browser BROWSER = start();
        static final String AXE = axe();

        private static String axe() {
            try (InputStream script = ConsoleInBrowser.class.getResourceAsStream("/axe.min.js")) {
                return new String(
                        Objects.requireNonNull(script, "axe.min.js is not on the class path")
                                .readAllBytes(),
                        StandardCharsets.UTF_8);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        private static Browser start() {
            Path chromium = chromium();
            PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MS);
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
            return playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(chromium));
        }

        /** The machine's Chromium; on Debian and Ubuntu root installs it where it is missing, as {@code .ci/run} does. */
        private static Path chromium() {
            return onPath().or(() -> install() ? onPath() : Optional.empty())
                    .orElseGet(() -> fail("these tests need Chromium. On Debian or Ubuntu: sudo apt install chromium"));
        }

        private static Optional<Path> onPath() {
            return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                    .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                    .filter(Files::isExecutable)
                    .findFirst();
        }

        private static boolean install() {
            String command = "apt-get update -qq && DEBIAN_FRONTEND=noninteractive"
                    + " apt-get install -y -qq --no-install-recommends chromium >/dev/null";
            try {
                return new ProcessBuilder("sh", "-c", command)
                                .inheritIO()
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException noShell) {
                return false;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** With sample data, on a desktop's screen. */
    static ConsoleInBrowser open() {
        return open(Samples::fill);
    }

    static ConsoleInBrowser open(Consumer<MockGateway> setUp) {
        return new ConsoleInBrowser(setUp, ColorScheme.LIGHT, 1280, 900);
    }

    static ConsoleInBrowser open(ColorScheme scheme, int width, int height) {
        return open(Samples::fill, scheme, width, height);
    }

    static ConsoleInBrowser open(Consumer<MockGateway> setUp, ColorScheme scheme, int width, int height) {
        return new ConsoleInBrowser(setUp, scheme, width, height);
    }

    /** A second tab, with what the first one keeps in {@code localStorage} but not in {@code sessionStorage}. */
    Page newTab() {
        Page tab = context.newPage();
        watch(tab);
        return tab;
    }

    private void watch(Page watched) {
        watched.onConsoleMessage(message -> {
            boolean isExpected = expected.stream().anyMatch(message.text()::contains);
            if (message.type().equals("error") && !isExpected) {
                errors.add(message.text());
            }
        });
        watched.onPageError(errors::add);
    }

    /** The browser reports every response of this status as an error; here it is meant to come. */
    ConsoleInBrowser expecting(int status) {
        return expectingText("status of " + status);
    }

    /** Errors of the browser's console with this text are meant to come. */
    ConsoleInBrowser expectingText(String text) {
        expected.add(text);
        return this;
    }

    /** Opens a page of the console, {@code overview} or {@code calls/ID}, and waits until it receives events. */
    ConsoleInBrowser go(String path) {
        go(page, path);
        return this;
    }

    void go(Page tab, String path) {
        tab.navigate(gateway.url() + "#/" + path);
        tab.locator("h1").waitFor();
        if (gateway.key.isEmpty()) {
            PlaywrightAssertions.assertThat(tab.locator("#live")).hasText("Live");
        }
    }

    BrowserContext context() {
        return context;
    }

    Locator chain(String name) {
        return page.locator("[data-chain=\"" + name + "\"]");
    }

    Locator button(String name) {
        return button(page.locator("body"), name);
    }

    static Locator button(Locator within, String name) {
        return within.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    /** The targets of a chain, in the order in which they are shown. */
    List<String> targets(String chain) {
        return shownTargets(chain(chain));
    }

    static List<String> shownTargets(Locator chain) {
        return chain.locator(".target-item").all().stream()
                .map(item -> item.getAttribute("data-target"))
                .toList();
    }

    /** The last request that changed something: of a method, {@code PUT}, or to one path, {@code POST /try}. */
    Optional<MockGateway.Write> lastWrite(String what) {
        return gateway.writes.stream()
                .filter(write -> (write.method() + " " + write.path() + " ").startsWith(what + " "))
                .reduce((one, other) -> other);
    }

    @Override
    public void close() {
        context.close();
        gateway.close();
        assertThat(errors).as("errors in the browser's console").isEmpty();
    }
}
