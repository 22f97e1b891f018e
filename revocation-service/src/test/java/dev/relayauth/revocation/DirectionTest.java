package dev.relayauth.revocation;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.relayauth.revocation",
    importOptions = ImportOption.DoNotIncludeTests.class)
class DirectionTest {
  @ArchTest
  static final ArchRule DOMAIN_KNOWS_NO_FRAMEWORK =
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
              "dev.relayauth.revocation.domain..");
}
