package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for all classes of the package. */
class StructureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.atomicfs.unwind");

    private static String outermost(JavaClass type) {
        String name = type.getSimpleName().isEmpty() ? type.getName() : type.getFullName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    @Test
    void no_two_classes_know_each_other() {
        Set<List<String>> known = new HashSet<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = outermost(dependency.getTargetClass());
                if (target.startsWith("org.atomicfs.unwind.") && !target.equals(outermost(type))) {
                    known.add(List.of(outermost(type), target));
                }
            }
        }
        List<List<String>> mutual = new ArrayList<>();
        for (List<String> pair : known) {
            if (known.contains(List.of(pair.get(1), pair.get(0)))) {
                mutual.add(pair);
            }
        }
        assertEquals(List.of(), mutual);
    }

    /**
     * One that fails once, for lack of memory or stack, fails for the life of the JVM. Constants of an enum need it.
     */
    @Test
    void no_class_has_a_static_initializer() {
        List<String> initialized = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            if (!type.isEnum() && type.getStaticInitializer().isPresent()) {
                initialized.add(type.getName());
            }
        }
        assertEquals(List.of(), initialized);
    }
}
