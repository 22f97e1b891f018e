package dev.relayauth.revocation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Plain JUnit: with Quarkus's launcher on the class path, {@code @ArchTest} fields never run. */
class DirectionTest {
  @Test
  void theDomainKnowsNoFramework() {
    classes()
        .that()
        .resideInAPackage("dev.relayauth.revocation.domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "dev.relayauth.common.revocation",
            "dev.relayauth.common.id",
            "dev.relayauth.revocation.domain..")
        .check(new ClassFileImporter().importPath(Path.of("target/classes")));
  }
}
