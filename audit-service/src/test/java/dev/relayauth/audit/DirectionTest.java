package dev.relayauth.audit;

import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.relayauth.common.event.AuditEpoch;
import dev.relayauth.common.event.AuditRecord;
import dev.relayauth.common.token.CryptoProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Plain JUnit: with Quarkus's launcher on the class path, {@code @ArchTest} fields never run. */
class DirectionTest {
  @Test
  void theDomainKnowsNoFramework() {
    classes()
        .that()
        .resideInAPackage("dev.relayauth.audit.domain..")
        .should()
        .onlyDependOnClassesThat(
            or(
                resideInAnyPackage(
                    "java..", "javax.crypto..", "org.jspecify..", "dev.relayauth.audit.domain.."),
                // Of the events, the record alone: it is the log's own language.
                belongToAnyOf(AuditEpoch.Phase.class, AuditRecord.class, CryptoProvider.class)))
        .check(new ClassFileImporter().importPath(Path.of("target/classes")));
  }
}
