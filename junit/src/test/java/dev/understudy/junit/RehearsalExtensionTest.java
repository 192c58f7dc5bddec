package dev.understudy.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventStatistics;

/** How long a provider lives, by how the extension is registered. */
class RehearsalExtensionTest {
    private static final List<URI> SEEN = new ArrayList<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    private static void run(Class<?> tests, int succeeded) {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute()
                .testEvents()
                .assertStatistics((EventStatistics statistics) ->
                        statistics.started(succeeded).succeeded(succeeded).failed(0));
    }

    private static boolean listens(URI provider) {
        try (Socket socket = new Socket("127.0.0.1", provider.getPort())) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static void see(Rehearsal rehearsal) throws IOException {
        try (InputStream models =
                URI.create(rehearsal.baseUrl() + "/models").toURL().openStream()) {
            assertThat(models.readAllBytes()).isNotEmpty();
        }
        assertThat(rehearsal.requests()).isZero();
        SEEN.add(rehearsal.baseUri());
    }

    private static Set<URI> providers() {
        return new LinkedHashSet<>(SEEN);
    }

    private static void assertThatNoneListens() {
        assertThat(providers()).noneMatch(RehearsalExtensionTest::listens);
    }

    @Test
    void oneForAClassAndItsNestedClasses() {
        run(OfClass.class, 3);
        assertThat(SEEN).hasSize(4);
        assertThat(providers()).hasSize(1);
        assertThatNoneListens();
    }

    @Test
    void oneForAStaticField() {
        run(OfStaticField.class, 2);
        assertThat(SEEN).hasSize(2);
        assertThat(providers()).hasSize(1);
        assertThatNoneListens();
        assertThatThrownBy(OfStaticField.PROVIDER::rehearsal)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("static field");
    }

    @Test
    void oneForEachTestOfAFieldOfTheInstance() {
        run(OfInstanceField.class, 2);
        assertThat(providers()).hasSize(2);
        assertThatNoneListens();
    }

    @Test
    void oneForAMethod() {
        run(OfMethod.class, 1);
        assertThat(providers()).hasSize(1);
        assertThatNoneListens();
    }

    @ExtendWith(RehearsalExtension.class)
    static class OfClass {
        OfClass(Rehearsal rehearsal) {
            assertThat(rehearsal.baseUrl()).endsWith("/v1");
        }

        @BeforeEach
        void before(Rehearsal rehearsal) {
            assertThat(rehearsal.requests()).isZero();
        }

        @Test
        void first(Rehearsal rehearsal) throws IOException {
            see(rehearsal);
        }

        @Test
        void second(Rehearsal rehearsal) throws IOException {
            see(rehearsal);
        }

        @Nested
        class Inner {
            @Test
            void third(Rehearsal rehearsal) throws IOException {
                see(rehearsal);
                see(rehearsal);
            }
        }
    }

    static class OfStaticField {
        @RegisterExtension
        static final RehearsalExtension PROVIDER = new RehearsalExtension();

        @Test
        void first() throws IOException {
            see(PROVIDER.rehearsal());
        }

        @Test
        void second() throws IOException {
            see(PROVIDER.rehearsal());
        }
    }

    static class OfInstanceField {
        @RegisterExtension
        final RehearsalExtension provider = new RehearsalExtension();

        @Test
        void first() throws IOException {
            see(provider.rehearsal());
        }

        @Test
        void second(Rehearsal rehearsal) throws IOException {
            see(rehearsal);
        }
    }

    static class OfMethod {
        @Test
        @ExtendWith(RehearsalExtension.class)
        void only(Rehearsal rehearsal) throws IOException {
            see(rehearsal);
        }
    }
}
