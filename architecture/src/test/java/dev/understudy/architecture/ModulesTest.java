package dev.understudy.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.Serializable;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Dependencies point one way: {@code engine <- protocol <- calls <- {gateway, client}}, {@code client <- {langchain4j, spring}}, {@code {rehearsal, store, simulator} <- gateway} and {@code
 * engine <- simulator}. The engine is also kept free of anything that would make its decisions depend on more than its input, because the simulator replays it from a
 * seed.
 */
class ModulesTest {

    private static final String ENGINE = "dev.understudy.engine..";
    private static final String PROTOCOL = "dev.understudy.protocol..";
    private static final String CALLS = "dev.understudy.calls..";
    private static final String CLIENT = "dev.understudy.client..";
    private static final String GATEWAY = "dev.understudy.gateway..";
    private static final String LANGCHAIN4J = "dev.understudy.langchain4j..";
    private static final String REHEARSAL = "dev.understudy.rehearsal..";
    private static final String SIMULATOR = "dev.understudy.simulator..";
    private static final String SPRING = "dev.understudy.spring..";
    private static final String STORE = "dev.understudy.store..";

    private static final JavaClasses PRODUCT = new ClassFileImporter().importPackages("dev.understudy");

    /** A rule over no classes always holds; this test makes sure that the others have classes to check. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "engine",
                "protocol",
                "calls",
                "gateway",
                "client",
                "rehearsal",
                "simulator",
                "langchain4j",
                "spring",
                "store"
            })
    void everyModuleIsImported(String module) {
        assertThat(PRODUCT.stream().map(JavaClass::getPackageName)).anyMatch(("dev.understudy." + module)::equals);
    }

    @Test
    void engineDependsOnTheJdkAlone() {
        noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                                ENGINE, "java.lang..", "java.math..", "java.time..", "java.util..", "org.jspecify.."))
                        // The compiler names it for enums and serializable lambdas.
                        .and(not(type(Serializable.class))))
                .because("the engine decides and does nothing else: no I/O, no JSON, no libraries")
                .check(PRODUCT);
    }

    @Test
    void engineStartsNoThreads() {
        noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat(assignableTo(Thread.class)
                        .or(assignableTo(Executor.class))
                        .or(type(Executors.class))
                        .or(assignableTo(Future.class))
                        .or(assignableTo(ForkJoinTask.class))
                        .or(assignableTo(Timer.class))
                        .or(type(Process.class))
                        .or(type(ProcessBuilder.class)))
                .because("the driver owns threads and timers; the engine only returns the time of its next timer")
                .check(PRODUCT);
    }

    @Test
    void engineReceivesTimeAndSeed() {
        noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .accessTargetWhere(readsAClock().or(drawsItsOwnSeed()))
                .orShould()
                .dependOnClassesThat(
                        type(Clock.class).or(type(InstantSource.class)).or(type(ThreadLocalRandom.class)))
                .because("same seed, same trail")
                .check(PRODUCT);
    }

    @Test
    void protocolHasNoNetwork() {
        noClasses()
                .that()
                .resideInAPackage(PROTOCOL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        CALLS,
                        GATEWAY,
                        CLIENT,
                        LANGCHAIN4J,
                        REHEARSAL,
                        "io.vertx..",
                        "io.netty..",
                        "java.net.http..",
                        "picocli..",
                        "io.micrometer..")
                .because("the same dialects serve the gateway, the library and the tests")
                .allowEmptyShould(true)
                .check(PRODUCT);
    }

    @Test
    void callsKnowNoHttpLibrary() {
        noClasses()
                .that()
                .resideInAPackage(CALLS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        GATEWAY,
                        CLIENT,
                        REHEARSAL,
                        "io.vertx..",
                        "io.netty..",
                        "java.net.http..",
                        "picocli..",
                        "io.micrometer..")
                .because("the gateway and the library drive calls in the same way over different HTTP libraries")
                .check(PRODUCT);
    }

    @Test
    void theLibraryNeedsNoServer() {
        noClasses()
                .that()
                .resideInAPackage(CLIENT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(GATEWAY, REHEARSAL, "io.vertx..", "io.netty..", "picocli..")
                .because("applications embed it")
                .check(PRODUCT);
    }

    @Test
    void rehearsalDependsOnNoOtherModule() {
        noClasses()
                .that()
                .resideInAPackage(REHEARSAL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ENGINE, PROTOCOL, CALLS, GATEWAY, CLIENT, LANGCHAIN4J, SIMULATOR)
                .because("it is a provider, and providers know nothing of the gateway")
                .check(PRODUCT);
    }

    @Test
    void storeDependsOnNoOtherModule() {
        noClasses()
                .that()
                .resideInAPackage(STORE)
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.understudy..").and(not(resideInAnyPackage(STORE))))
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .because("it keeps what it is given; the gateway knows what a call is")
                .check(PRODUCT);
    }

    @Test
    void onlyTheGatewayDependsOnTheStore() {
        noClasses()
                .that()
                .resideOutsideOfPackages(STORE, GATEWAY)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(STORE)
                .because("an application that embeds the library gets no database with it")
                .check(PRODUCT);
    }

    @Test
    void databasesAreBehindTheStore() {
        noClasses()
                .that()
                .resideOutsideOfPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..", "org.jdbi..", "org.flywaydb..")
                .because("a statement that is slow or fails is handled in one place")
                .check(PRODUCT);
    }

    @Test
    void springDependsOnTheClientAndWhatItIsMadeOf() {
        noClasses()
                .that()
                .resideInAPackage(SPRING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        GATEWAY, REHEARSAL, SIMULATOR, LANGCHAIN4J, "io.vertx..", "io.netty..", "com.openai..")
                .because("an application that falls back needs no gateway, and no SDK that it does not use itself")
                .check(PRODUCT);
    }

    @Test
    void springNeedsTheActuatorInOnePackageOnly() {
        noClasses()
                .that()
                .resideInAPackage(SPRING)
                .and()
                .resideOutsideOfPackage("dev.understudy.spring.actuate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health..")
                .because("the Actuator is optional")
                .check(PRODUCT);
    }

    @Test
    void clientNeedsMetricsAndTracesInOnePackageOnly() {
        noClasses()
                .that()
                .resideInAPackage(CLIENT)
                .and()
                .resideOutsideOfPackage("dev.understudy.client.telemetry..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.opentelemetry..")
                .because("both libraries are optional")
                .check(PRODUCT);
    }

    @Test
    void noProductCodeDependsOnTestFixtures() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ENGINE, PROTOCOL, CALLS, REHEARSAL, GATEWAY, CLIENT, LANGCHAIN4J, SPRING, SIMULATOR, STORE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.understudy.testing..")
                .check(PRODUCT);
    }

    @Test
    void clientDependsOnNoServerAndNoFramework() {
        noClasses()
                .that()
                .resideInAPackage(CLIENT)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        GATEWAY,
                        REHEARSAL,
                        LANGCHAIN4J,
                        SPRING,
                        "io.vertx..",
                        "io.netty..",
                        "dev.langchain4j..",
                        "org.springframework..",
                        "picocli..")
                .because("an application gets the engine and nothing that it does not use")
                .check(PRODUCT);
    }

    @Test
    void langchain4jDependsOnTheClientAndNotOnTheGateway() {
        noClasses()
                .that()
                .resideInAPackage(LANGCHAIN4J)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(GATEWAY, "io.vertx..", "io.netty..", "picocli..", "dev.langchain4j.internal..")
                .because("it connects LangChain4j's public API with the client")
                .check(PRODUCT);
    }

    @Test
    void theGatewayDoesNotDependOnTheLibrary() {
        noClasses()
                .that()
                .resideInAPackage(GATEWAY)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CLIENT, LANGCHAIN4J, SPRING)
                .because("both stand on the protocol, beside each other")
                .check(PRODUCT);
    }

    @Test
    void simulatorDependsOnTheEngineAlone() {
        noClasses()
                .that()
                .resideInAPackage(SIMULATOR)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        PROTOCOL,
                        CALLS,
                        REHEARSAL,
                        GATEWAY,
                        CLIENT,
                        LANGCHAIN4J,
                        "io.vertx..",
                        "io.netty..",
                        "java.net..")
                .because("it simulates what surrounds the engine instead of using it")
                .check(PRODUCT);
    }

    @Test
    void noModuleDependsOnTheSimulator() {
        noClasses()
                .that()
                .resideInAnyPackage(ENGINE, PROTOCOL, CALLS, REHEARSAL, GATEWAY, CLIENT, LANGCHAIN4J, SPRING)
                .and()
                .resideOutsideOfPackage("dev.understudy.gateway.simulate..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SIMULATOR)
                .because(
                        "what serves does not need what proves; the gateway runs simulations on behalf of operators only")
                .check(PRODUCT);
    }

    @Test
    void simulatedTimeAndRandomnessComeFromTheSeed() {
        noClasses()
                .that()
                .resideInAPackage(SIMULATOR)
                .and()
                .resideOutsideOfPackage("dev.understudy.simulator.cli..")
                .should()
                .accessTargetWhere(readsAClock().or(drawsItsOwnSeed()))
                .because("same seed, same trace")
                .check(PRODUCT);
    }

    private static DescribedPredicate<JavaAccess<?>> readsAClock() {
        return DescribedPredicate.describe("read a clock", access -> {
            JavaClass owner = access.getTargetOwner();
            if (owner.isEquivalentTo(System.class)) {
                return Set.of("nanoTime", "currentTimeMillis").contains(access.getName());
            }
            return (owner.getPackageName().equals("java.time")
                            && access.getName().equals("now"))
                    || isNoArgumentConstructor(access, Date.class);
        });
    }

    /** {@code new Random(seed)}, with a seed that was handed in, stays allowed. */
    private static DescribedPredicate<JavaAccess<?>> drawsItsOwnSeed() {
        return DescribedPredicate.describe("draw its own seed", access -> {
            JavaClass owner = access.getTargetOwner();
            if (owner.isEquivalentTo(Math.class)) {
                return access.getName().equals("random");
            }
            if (owner.isEquivalentTo(UUID.class)) {
                return access.getName().equals("randomUUID");
            }
            return isNoArgumentConstructor(access, Random.class)
                    || isNoArgumentConstructor(access, SplittableRandom.class);
        });
    }

    private static boolean isNoArgumentConstructor(JavaAccess<?> access, Class<?> type) {
        return access instanceof JavaConstructorCall call
                && call.getTargetOwner().isEquivalentTo(type)
                && call.getTarget().getRawParameterTypes().isEmpty();
    }
}
