package org.atomicfs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import org.junit.jupiter.api.Test;

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
                .resideOutsideOfPackage("org.atomicfs.cli")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("org.atomicfs..", "java..")
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
                        "org.atomicfs.unwind", "java.lang..", "java.util..", "java.io..", "java.nio", "java.security")
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
}
