package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.VirtualMachine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.atomicfs.testing.ChildProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"-javaagent:jacoco.jar=x", "-agentpath:/lib/libprofiler.so", "-agentlib:hprof", "-Xrunhprof"})
    void an_agent_may_change_code(String argument) {
        assertTrue(Agents.areGiven(List.of("-Xmx1g", argument)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-agentlib:jdwp=transport=dt_socket", "-Xrunjdwp:server=y", "-Djavaagent=x", "-Xmx1g"})
    void a_debugger_does_not(String argument) {
        assertFalse(Agents.areGiven(List.of(argument)));
    }

    @Test
    void what_cannot_be_read_says_nothing(@TempDir Path directory) throws IOException {
        Path mapped = directory.resolve("maps");
        assertFalse(Agents.isAttached(mapped.toFile()), "not there");
        Files.writeString(mapped, "7f00-7f10 r-xp 00000000 08:01 12 /jdk/lib/libjava.so\n");
        assertFalse(Agents.isAttached(mapped.toFile()));
        Files.writeString(mapped, "7f00-7f10 r-xp 00000000 08:01 12 /jdk/lib/libinstrument.so\n");
        assertTrue(Agents.isAttached(mapped.toFile()));
    }

    /** Prints whether there is an agent, attaches one to its own JVM, and prints it again. */
    public static final class Attaching {
        private Attaching() {}

        public static void main(String[] jar) throws Exception {
            System.out.println(Agents.arePresent());
            VirtualMachine machine =
                    VirtualMachine.attach(Long.toString(ProcessHandle.current().pid()));
            System.out.println(Agents.arePresent());
            machine.loadAgent(jar[0]);
            machine.detach();
            System.out.println(Agents.arePresent());
        }

        public static void agentmain(String argument) {}
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void an_agent_that_is_attached_later_is_found(@TempDir Path directory) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Agent-Class"), Attaching.class.getName());
        Path jar = directory.resolve("agent.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        List<String> command = ChildProcess.command(
                "-Djdk.attach.allowAttachSelf=true",
                "-XX:+EnableDynamicAgentLoading",
                "-cp",
                System.getProperty("java.class.path"),
                Attaching.class.getName(),
                jar.toString());
        ChildProcess.Result result = ChildProcess.run(command, null);
        assertEquals("false\nfalse\ntrue\n", result.out(), result.err());
    }

    /** Prints whether there is an agent. */
    public static final class Launched {
        private Launched() {}

        public static void main(String[] none) {
            System.out.println(Agents.arePresent());
        }
    }

    /** As the description of {@code java.lang.instrument} says, of no option. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void an_agent_that_the_program_s_own_jar_names_is_found(@TempDir Path directory) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, Launched.class.getName());
        main.put(Attributes.Name.CLASS_PATH, String.join(" ", classPathAsUris()));
        main.put(new Attributes.Name("Launcher-Agent-Class"), Attaching.class.getName());
        Path jar = directory.resolve("program.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        ChildProcess.Result result = ChildProcess.run(ChildProcess.command("-jar", jar.toString()), null);
        assertEquals("true\n", result.out(), result.err());
    }

    private static List<String> classPathAsUris() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .toList();
    }
}
