package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
}
