package dev.relayauth.identity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Plain JUnit: with Quarkus's launcher on the class path, {@code @ArchTest} fields never run. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPath(Path.of("target/classes"));

  @Test
  void theDomainKnowsNoFramework() {
    classes()
        .that()
        .resideInAPackage("..identity.domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "dev.relayauth.identity.domain..",
            "dev.relayauth.common.budget..",
            "dev.relayauth.common.scope..",
            "dev.relayauth.common.grant..",
            "dev.relayauth.common.event..",
            "dev.relayauth.common.id..",
            "dev.relayauth.common.error..")
        .check(MAIN);
  }
}
