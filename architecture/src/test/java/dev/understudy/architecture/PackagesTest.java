package dev.understudy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packages of each module depend on one another in one direction, and no dialect depends on another. */
class PackagesTest {
    private static final String DIALECTS = "dev.understudy.protocol.dialect.";

    private static final JavaClasses PRODUCT = new ClassFileImporter().importPackages("dev.understudy");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "engine",
                "protocol",
                "calls",
                "rehearsal",
                "gateway",
                "client",
                "simulator",
                "langchain4j",
                "store"
            })
    void packagesOfAModuleHaveNoCycles(String module) {
        slices().assignedFrom(packagesOf("dev.understudy." + module))
                .should()
                .beFreeOfCycles()
                .check(PRODUCT);
    }

    /** Each package is a slice of its own, the module's root package too. */
    private static SliceAssignment packagesOf(String root) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass each) {
                String name = each.getPackageName();
                return name.equals(root) || name.startsWith(root + ".")
                        ? SliceIdentifier.of(name)
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages of " + root;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "bedrock", "gemini", "openai", "passthrough", "responses"})
    void noDialectKnowsAnother(String dialect) {
        noClasses()
                .that()
                .resideInAPackage(DIALECTS + dialect + "..")
                .should()
                .dependOnClassesThat(new OtherDialects(dialect))
                .because("dialects meet in the neutral form")
                .check(PRODUCT);
    }

    private static final class OtherDialects extends com.tngtech.archunit.base.DescribedPredicate<JavaClass> {
        private final String own;

        OtherDialects(String own) {
            super("are of another dialect than " + own);
            this.own = own;
        }

        @Override
        public boolean test(JavaClass each) {
            String name = each.getPackageName();
            return name.startsWith(DIALECTS) && !name.equals(DIALECTS + own) && !name.startsWith(DIALECTS + own + ".");
        }
    }

    /** What the gateway does for one call has layers: the driver above, then planning, upstream and downstream. */
    @Test
    void upstreamAndDownstreamDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.understudy.calls.upstream..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.understudy.calls.downstream..", "dev.understudy.calls.driver..")
                .because("the driver connects them")
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("dev.understudy.calls.downstream..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.understudy.calls.upstream..", "dev.understudy.calls.driver..")
                .because("the driver connects them")
                .check(PRODUCT);
    }

    @Test
    void planningSendsNothing() {
        noClasses()
                .that()
                .resideInAPackage("dev.understudy.calls.plan..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..", "dev.understudy.calls.upstream..")
                .because("explain and check plan calls that are not made")
                .check(PRODUCT);
    }
}
