package dev.understudy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The JUnit extension is on the class path of applications' tests, beside whichever client they use. */
class JUnitModuleTest {
    private static final String JUNIT = "dev.understudy.junit..";
    private static final String REHEARSAL = "dev.understudy.rehearsal..";

    private static final JavaClasses PRODUCT = new ClassFileImporter().importPackages("dev.understudy");

    @Test
    void itNeedsTheRehearsalProviderAndJUnitAlone() {
        classes()
                .that()
                .resideInAPackage(JUNIT)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        JUNIT, REHEARSAL, "java..", "io.vertx.core..", "org.junit.jupiter.api..", "org.jspecify..")
                .because("it works with any client that has a base URL")
                .check(PRODUCT);
    }

    @Test
    void noProductCodeDependsOnIt() {
        noClasses()
                .that()
                .resideOutsideOfPackage(JUNIT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(JUNIT)
                .check(PRODUCT);
    }
}
