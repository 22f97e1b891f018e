package dev.relayauth.audit;

import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.relayauth.common.event.AuditRecord;

@AnalyzeClasses(
    packages = "dev.relayauth.audit",
    importOptions = ImportOption.DoNotIncludeTests.class)
class DirectionTest {
  @ArchTest
  static final ArchRule DOMAIN_KNOWS_NO_FRAMEWORK =
      classes()
          .that()
          .resideInAPackage("dev.relayauth.audit.domain..")
          .should()
          .onlyDependOnClassesThat(
              or(
                  resideInAnyPackage("java..", "org.jspecify..", "dev.relayauth.audit.domain.."),
                  // Of the events, the record alone: it is the log's own language.
                  belongToAnyOf(AuditRecord.class)));
}
