package org.atomicfs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The direction of dependency. */
class LayoutTest {
    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.atomicfs");

    @Test
    void commit_knows_no_decorator_and_no_entry_point() {
        noClasses()
                .that()
                .resideInAPackage("org.atomicfs.commit")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.atomicfs.view", "org.atomicfs.cli")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(AtomicFiles.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(AtomicFileSystemProvider.class)
                .check(LIBRARY);
    }

    @Test
    void view_knows_no_entry_point() {
        noClasses()
                .that()
                .resideInAPackage("org.atomicfs.view")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.atomicfs.cli")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(AtomicFiles.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(AtomicFileSystemProvider.class)
                .check(LIBRARY);
    }

    @Test
    void only_commit_renames() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.atomicfs.commit")
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "moves a file",
                        call -> call.getName().equals("move")
                                && (call.getTargetOwner().isEquivalentTo(Files.class)
                                        || call.getTargetOwner().isEquivalentTo(FileSystemProvider.class))))
                .check(LIBRARY);
    }

    @Test
    void the_command_line_uses_the_public_api_alone() {
        classes()
                .that()
                .resideInAPackage("org.atomicfs.cli")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.atomicfs", "org.atomicfs.cli", "java..", "picocli..")
                .check(LIBRARY);
    }

    @Test
    void nothing_else_needs_more_than_the_jdk() {
        classes()
                .that()
                .resideOutsideOfPackages("org.atomicfs.cli", "org.atomicfs.events")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.atomicfs..", "java..")
                .check(LIBRARY);
    }

    @Test
    void events_know_the_public_api_and_the_flight_recorder_alone() {
        classes()
                .that()
                .resideInAPackage("org.atomicfs.events")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.atomicfs", "org.atomicfs.events", "java..", "jdk.jfr")
                .andShould()
                .onlyDependOnClassesThat(
                        not(assignableTo(FileSystemProvider.class).or(type(AtomicFiles.class))))
                .check(LIBRARY);
    }

    @Test
    void unwind_needs_nothing_but_the_jdk_and_no_files() {
        classes()
                .that()
                .resideInAPackage("org.atomicfs.unwind")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "org.atomicfs.unwind",
                        "java.lang..",
                        "java.util..",
                        "java.io..",
                        "java.nio",
                        "java.nio.charset",
                        "java.security")
                .check(LIBRARY);
    }

    @Test
    void nothing_parses_the_text_of_a_path_again() {
        noClasses()
                .that()
                .resideInAPackage("org.atomicfs.view")
                .and()
                .doNotHaveSimpleName("AtomicUris")
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "parses a path",
                        call -> call.getName().equals("of")
                                && call.getTargetOwner().isEquivalentTo(Path.class)))
                .check(LIBRARY);
    }

    /** In java.nio.file too a file system, its paths and its watch services know each other. */
    private static final Set<String> ONE_IN_NIO = Set.of(
            "org.atomicfs.view.AtomicFileSystem",
            "org.atomicfs.view.AtomicPath",
            "org.atomicfs.view.AtomicWatchService");

    /** Each class by itself, together with the classes that are nested in it. */
    private static SliceAssignment classesOf(String packageName) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                if (!type.getPackageName().equals(packageName)) {
                    return SliceIdentifier.ignore();
                }
                String outermost = type.getName().replaceFirst("\\$.*", "");
                return SliceIdentifier.of(ONE_IN_NIO.contains(outermost) ? "FileSystem" : outermost);
            }

            @Override
            public String getDescription() {
                return "classes of " + packageName;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.atomicfs.commit", "org.atomicfs.events", "org.atomicfs.unwind", "org.atomicfs.view"})
    void classes_know_each_other_in_one_direction_only(String packageName) {
        slices().assignedFrom(classesOf(packageName)).should().beFreeOfCycles().check(LIBRARY);
    }

    @Test
    void no_class_of_commit_is_longer_than_a_reader_can_keep_in_mind() throws IOException {
        List<String> tooLong = new ArrayList<>();
        try (Stream<Path> sources = Files.list(Path.of("src", "main", "java", "org", "atomicfs", "commit"))) {
            for (Path source : sources.toList()) {
                int lines = Files.readAllLines(source).size();
                if (lines > 300) {
                    tooLong.add(source.getFileName() + ": " + lines + " lines");
                }
            }
        }
        assertEquals(List.of(), tooLong);
    }
}
