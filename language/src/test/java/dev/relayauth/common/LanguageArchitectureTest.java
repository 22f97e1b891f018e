package dev.relayauth.common;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LanguageArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter().importPath(Path.of("target/classes"));

  @Test
  void theLanguageKnowsNoFramework() {
    classes()
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
            "org.eclipse.collections..",
            "dev.relayauth.common.scope..",
            "dev.relayauth.common.token..",
            "dev.relayauth.common.revocation..",
            "dev.relayauth.common.id..")
        .check(MAIN);
  }
}
