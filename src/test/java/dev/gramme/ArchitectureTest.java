package dev.gramme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the direction of the rooms (DESIGN.md 3, ARCHITECTURE.md), and proves on a fixture that each rule can fail. */
class ArchitectureTest {

    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.gramme");

    private static final JavaClasses FIXTURE = new ClassFileImporter().importPackages("dev.gramme.fixture");

    private final ArchitectureRules program = new ArchitectureRules("dev.gramme");

    private final ArchitectureRules fixture = new ArchitectureRules("dev.gramme.fixture");

    @TestFactory
    Stream<DynamicTest> the_program_keeps_each_rule() {
        return Stream.concat(program.all().stream(), Stream.of(program.everyPackageIsNullMarked()))
                .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(PROGRAM)));
    }

    @Test
    void every_package_is_a_room_of_the_design() {
        assertFalse(PROGRAM.isEmpty());
        assertEquals(List.of(), program.unknownRooms(PROGRAM));
    }

    @Test
    void a_lower_room_that_uses_a_higher_one_is_found() {
        assertBroken(fixture.usesOnly("version", List.of()), "fixture.ring.Ring");
    }

    @Test
    void a_machine_that_uses_another_machine_is_found() {
        assertBroken(fixture.usesOnly("coordinator", List.of("version", "ring", "quorum", "wire")), "replica.Replica");
    }

    @Test
    void a_pure_room_that_uses_an_outer_one_is_found() {
        assertBroken(fixture.usesOnly("replica", List.of("version", "ring", "quorum", "wire")), "storage.Disk");
    }

    @Test
    void a_pure_room_that_reads_a_file_or_starts_a_thread_or_asks_the_framework_is_found() {
        ArchRule rule = fixture.decidesOnly("replica");
        assertBroken(rule, "java.io.File");
        assertBroken(rule, "java.lang.Thread");
        assertBroken(rule, "jakarta.enterprise");
        assertBroken(rule, "java.util.concurrent.locks");
    }

    @Test
    void a_pure_room_that_computes_is_left_alone() {
        assertFalse(fixture.decidesOnly("ring").evaluate(FIXTURE).hasViolation());
    }

    @Test
    void a_synchronized_method_in_a_pure_room_is_found() {
        assertBroken(fixture.needsNoLock("replica"), "Replica.locked()");
    }

    @Test
    void an_outer_room_that_uses_another_one_directly_is_found_and_through_runtime_is_not() {
        assertBroken(fixture.meetsOtherOuterRoomsOnlyInRuntime("rest"), "storage.Disk");
        assertFalse(fixture.meetsOtherOuterRoomsOnlyInRuntime("storage")
                .evaluate(FIXTURE)
                .hasViolation());
    }

    @Test
    void a_package_without_a_null_marked_package_info_is_found() {
        assertBroken(fixture.everyPackageIsNullMarked(), "package dev.gramme.fixture.rest");
    }

    @Test
    void a_room_that_the_design_does_not_name_is_found() {
        assertEquals(List.of("cupboard"), fixture.unknownRooms(FIXTURE));
    }

    private static void assertBroken(ArchRule rule, String by) {
        String report = rule.evaluate(FIXTURE).getFailureReport().toString();
        assertTrue(report.contains(by), () -> "expected '" + by + "' in: " + report);
    }
}
