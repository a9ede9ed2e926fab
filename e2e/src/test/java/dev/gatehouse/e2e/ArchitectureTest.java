package dev.gatehouse.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: services → shared → protocol; no service knows another; no package circles. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar")) // shared's, for real nodes in tests
            .importPackages("dev.gatehouse");

    @Test
    void modulesAreImportedAtAll() {
        for (String module : List.of(
                "protocol",
                "shared",
                "gateway",
                "ingest",
                "background",
                "admin",
                "agent",
                "cli",
                "standalone",
                "embedded")) {
            assertThat(CLASSES.stream().anyMatch(c -> c.getPackageName().startsWith("dev.gatehouse." + module)))
                    .as(module)
                    .isTrue();
        }
    }

    @Test
    void dependenciesPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("protocol")
                .definedBy("dev.gatehouse.protocol..")
                .layer("embedded")
                .definedBy("dev.gatehouse.embedded..")
                .layer("shared")
                .definedBy("dev.gatehouse.shared..")
                .layer("gateway")
                .definedBy("dev.gatehouse.gateway..")
                .layer("ingest")
                .definedBy("dev.gatehouse.ingest..")
                .layer("background")
                .definedBy("dev.gatehouse.background..")
                .layer("admin")
                .definedBy("dev.gatehouse.admin..")
                .layer("agent")
                .definedBy("dev.gatehouse.agent..")
                .layer("cli")
                .definedBy("dev.gatehouse.cli..")
                .layer("standalone")
                .definedBy("dev.gatehouse.standalone..")
                .layer("bench")
                .definedBy("dev.gatehouse.bench..")
                .whereLayer("bench")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("standalone")
                .mayOnlyBeAccessedByLayers("bench")
                .whereLayer("cli")
                .mayOnlyBeAccessedByLayers("standalone", "bench")
                .whereLayer("agent")
                .mayOnlyBeAccessedByLayers("standalone", "bench")
                .whereLayer("gateway")
                .mayOnlyBeAccessedByLayers("standalone")
                .whereLayer("ingest")
                .mayOnlyBeAccessedByLayers("standalone")
                .whereLayer("background")
                .mayOnlyBeAccessedByLayers("standalone")
                .whereLayer("admin")
                .mayOnlyBeAccessedByLayers("standalone")
                .whereLayer("embedded")
                .mayOnlyBeAccessedByLayers("standalone", "bench")
                .whereLayer("shared")
                .mayOnlyBeAccessedByLayers("gateway", "ingest", "background", "admin", "standalone", "bench")
                .check(CLASSES);
    }

    @Test
    void noPackageCircles() {
        slices().matching("dev.gatehouse.(*).(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyStoresOwnPackageKnowsTheStoresLibraries() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gatehouse.shared.store..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.minio..", "okhttp3..")
                .check(CLASSES);
    }

    @Test
    void nothingUsesInternalsOfVertx() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..impl..", "io.vertx..internal..")
                .check(CLASSES);
    }
}
