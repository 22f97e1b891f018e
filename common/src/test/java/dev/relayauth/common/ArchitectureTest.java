package dev.relayauth.common;

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
  void thePublishedLanguageKnowsNoFramework() {
    classes()
        .that()
        .resideInAnyPackage(
            "..common.error..", "..common.grant..", "..common.net..", "..common.time..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.crypto..",
            "org.jspecify..",
            "org.jose4j..",
            "com.fasterxml.jackson.core..",
            "com.github.benmanes.caffeine..",
            "com.amazon.corretto..",
            "dev.relayauth.common.scope..",
            "dev.relayauth.common.token..",
            "dev.relayauth.common.revocation..",
            "dev.relayauth.common.id..",
            "dev.relayauth.common.error..",
            "dev.relayauth.common.grant..",
            "dev.relayauth.common.net..",
            "dev.relayauth.common.time..",
            "dev.relayauth.common.event..")
        .check(MAIN);
  }

  @Test
  void eventsKnowKafkaAloneAndOnlyAtTheirEdge() {
    classes()
        .that()
        .resideInAPackage("..common.event..")
        .and()
        .doNotHaveSimpleName("KafkaEvents")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", "dev.relayauth.common.event..")
        .check(MAIN);
  }
}
