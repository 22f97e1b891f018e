package dev.relayauth.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.relayauth.common",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule thePublishedLanguageKnowsNoFramework =
      classes()
          .that()
          .resideInAnyPackage(
              "..common.scope..",
              "..common.token..",
              "..common.revocation..",
              "..common.id..",
              "..common.error..",
              "..common.grant..")
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
              "dev.relayauth.common.event..");

  @ArchTest
  static final ArchRule eventsKnowKafkaAloneAndOnlyAtTheirEdge =
      classes()
          .that()
          .resideInAPackage("..common.event..")
          .and()
          .doNotHaveSimpleName("KafkaEvents")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "dev.relayauth.common.event..");
}
