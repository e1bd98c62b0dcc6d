package org.atomicfs.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnershipTest {
    @ParameterizedTest
    @CsvSource({
        "tryWithResources, true",
        "wrapped, true",
        "byHand, true",
        "returnsText, true",
        "alwaysThrows, true",
        "handsOn, false",
        "handsOnButClosesOnFailure, false",
        "closesSomethingElseAndHandsOn, false",
        "keepsInField, false",
        "passesOn, false"
    })
    void a_method_owns_what_it_keeps_in_a_variable_and_closes(String name, boolean owns) throws IOException {
        Method method = Stream.of(Samples.class.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        String descriptor = java.lang.invoke.MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .descriptorString();
        MethodCode code = new ClassFile(ClassFileTest.bytes(Samples.class)).method(name, descriptor);
        assertEquals(owns, Ownership.closesWhatItOpens(code, Assembler.indexOf(code, "open")));
    }

    private static OutputStream open() {
        return new ByteArrayOutputStream();
    }

    private static void use(OutputStream out) throws IOException {
        out.write(1);
    }

    @SuppressWarnings("unused")
    private static final class Samples {
        OutputStream field;

        void tryWithResources() throws IOException {
            try (OutputStream out = open()) {
                out.write(1);
            }
        }

        void wrapped() throws IOException {
            try (OutputStream out = new BufferedOutputStream(new BufferedOutputStream(open(), 10))) {
                out.write(1);
            }
        }

        int byHand() throws IOException {
            OutputStream out = open();
            out.write(1);
            out.close();
            return 1;
        }

        String returnsText() throws IOException {
            try (OutputStream out = open()) {
                return out.toString();
            }
        }

        Object alwaysThrows() throws IOException {
            try (OutputStream out = open()) {
                out.write(1);
                throw new IOException();
            }
        }

        OutputStream handsOn() {
            return open();
        }

        OutputStream handsOnButClosesOnFailure() throws IOException {
            OutputStream out = open();
            try {
                out.write(1);
                return out;
            } catch (IOException e) {
                out.close();
                throw e;
            }
        }

        OutputStream closesSomethingElseAndHandsOn(Closeable other) throws IOException {
            OutputStream out = open();
            try (other) {
                out.write(1);
            }
            return out;
        }

        void keepsInField(Closeable other) throws IOException {
            field = open();
            other.close();
        }

        void passesOn() throws IOException {
            use(open());
        }
    }
}
