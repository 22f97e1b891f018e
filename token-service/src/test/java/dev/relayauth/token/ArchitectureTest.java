package dev.relayauth.token;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private final JavaClasses own =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.relayauth.token");

  @Test
  void theDomainKnowsNoFramework() {
    assertThat(own.containPackage("dev.relayauth.token.domain.issuing")).isTrue();

    classes()
        .that()
        .resideInAPackage("dev.relayauth.token.domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.crypto..",
            "org.jspecify.annotations..",
            "dev.relayauth.token.domain..",
            "dev.relayauth.common.budget..",
            "dev.relayauth.common.scope..",
            "dev.relayauth.common.id..",
            "dev.relayauth.common.error..",
            "dev.relayauth.common.event..",
            "dev.relayauth.common.grant..",
            "dev.relayauth.common.net..",
            "dev.relayauth.common.time..",
            "dev.relayauth.common.token..",
            "dev.relayauth.common.revocation..")
        .check(own);
  }
}
