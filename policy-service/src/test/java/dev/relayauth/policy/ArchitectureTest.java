package dev.relayauth.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

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
        .resideInAPackage("..policy.domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "dev.relayauth.policy.domain..",
            "dev.relayauth.common.budget",
            "dev.relayauth.common.scope",
            "dev.relayauth.common.id",
            "dev.relayauth.common.error",
            "dev.relayauth.common.event",
            "dev.relayauth.common.net",
            "dev.relayauth.common.time",
            "dev.relayauth.common.token",
            "dev.relayauth.common.revocation")
        .check(MAIN);
  }

  @Test
  void decisionsDoNotKnowAdministration() {
    noClasses()
        .that()
        .resideInAPackage("..domain.decision..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..domain.administration..")
        .check(MAIN);
  }

  @Test
  void theDecisionPathKnowsNoDatabase() {
    noClasses()
        .that()
        .haveSimpleName("AccessDecisions")
        .or()
        .haveSimpleName("DecisionTrail")
        .or()
        .haveSimpleName("Authorization")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..adapter.postgres..", "dev.relayauth.common.outbox..")
        .check(MAIN);
  }
}
