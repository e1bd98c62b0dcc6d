package org.atomicfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * What Maven Central demands of a release is there (its page "Requirements"): the description in the pom, the jars of
 * sources and documentation beside the library's. Signing and sending are for the profile {@code release}.
 */
class ReleaseIT {
    private final Document pom = read();
    private final XPath xpath = XPathFactory.newInstance().newXPath();

    private static Document read() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(Path.of("pom.xml").toFile());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String text(String path) throws XPathExpressionException {
        return xpath.evaluate(path, pom).strip();
    }

    @Test
    void the_pom_says_what_central_wants_to_know() throws XPathExpressionException {
        List<String> missing = new ArrayList<>();
        for (String path : List.of(
                "name",
                "description",
                "url",
                "licenses/license/name",
                "licenses/license/url",
                "developers/developer/name",
                "developers/developer/organization",
                "developers/developer/organizationUrl",
                "scm/connection",
                "scm/developerConnection",
                "scm/url")) {
            if (text("/project/" + path).isEmpty()) {
                missing.add(path);
            }
        }
        assertEquals(List.of(), missing);
        assertEquals("org.atomicfs", text("/project/groupId"));
        assertEquals("", text("/project/packaging"));
    }

    /** Central takes no dependency that is not there. */
    @Test
    void no_repository_of_its_own_is_needed() throws XPathExpressionException {
        assertEquals("", text("//repositories"));
        assertEquals("", text("//pluginRepositories"));
    }

    private static Set<String> entries(String jar) throws Exception {
        try (JarFile file = new JarFile(jar)) {
            Set<String> names = new HashSet<>();
            file.stream().map(ZipEntry::getName).forEach(names::add);
            return names;
        }
    }

    @Test
    void sources_and_documentation_are_packaged() throws Exception {
        String library = System.getProperty("library.jar");
        String base = library.substring(0, library.length() - ".jar".length());
        Set<String> sources = entries(base + "-sources.jar");
        Set<String> missing = new HashSet<>();
        for (String entry : entries(library)) {
            if (entry.endsWith(".class") && !entry.contains("$")) {
                missing.add(entry.replaceFirst("class$", "java"));
            }
        }
        assertTrue(missing.size() > 100, missing.toString());
        missing.removeAll(sources);
        assertEquals(Set.of(), missing);
        Set<String> documentation = entries(base + "-javadoc.jar");
        for (Class<?> type : List.of(AtomicFiles.class, AtomicListener.class, AtomicEvent.class)) {
            String page = "org.atomicfs/" + type.getName().replace('.', '/') + ".html";
            assertTrue(documentation.contains(page), page);
        }
    }

    @Test
    void signing_and_publishing_are_asked_for_by_name_alone() throws XPathExpressionException {
        String release = "/project/profiles/profile[id='release']";
        assertEquals("", text(release + "/activation"));
        NodeList plugins =
                (NodeList) xpath.evaluate(release + "/build/plugins/plugin/artifactId", pom, XPathConstants.NODESET);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < plugins.getLength(); i++) {
            names.add(plugins.item(i).getTextContent());
        }
        assertEquals(Set.of("maven-gpg-plugin", "central-publishing-maven-plugin"), names);
        String central = release + "/build/plugins/plugin[artifactId='central-publishing-maven-plugin']";
        assertEquals("false", text(central + "/configuration/autoPublish"));
        for (String plugin : List.of("gpg", "central")) {
            assertFalse(
                    text("/project/properties/*[name()='version.plugin." + plugin + "']")
                            .isEmpty(),
                    plugin);
        }
        String always =
                "/project/build/plugins/plugin[artifactId='maven-gpg-plugin' or contains(artifactId, 'central')]";
        assertEquals("", text(always));
    }
}
