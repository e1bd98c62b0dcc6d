package shapes
import org.atomicfs.unwind.corpus.*
import groovy.transform.CompileStatic
class GroovyShapes {
    @Expect(n = "a=C", f = "a=A") static void withCloseable(boolean f) { Sink.open().withCloseable { s -> s.write(1); Boom.maybe(f) } }
    @Expect(n = "a=C", f = "a=A") static void withStream(boolean f) { Sink.open().withStream { s -> s.write(1); Boom.maybe(f) } }
    @Expect(n = "a=C", f = "a=A") static void withWriter(boolean f) { Sink.open().withWriter { w -> w << "x"; Boom.maybe(f) } }
    @Expect(n = "a=C", f = "a=M") static void twr(boolean f) { try (Sink s = Sink.open()) { s.write(1); Boom.maybe(f) } }
    @Expect(n = "a=C", f = "a=M") static void tryFinally(boolean f) { def s = Sink.open(); try { s.write(1); Boom.maybe(f) } finally { s.close() } }
    @Expect(n = "a=C", f = "a=M") static void catchRethrow(boolean f) { def s = Sink.open(); try { Boom.maybe(f) } catch (Boom e) { s.close(); throw e }; s.close() }
    @Expect(n = "a=C", f = "a=C") static void swallow(boolean f) { def s = Sink.open(); try { Boom.maybe(f) } catch (Boom e) { } finally { s.close() } }
    @Expect(n = "a=C", f = "a=C") static void xThenThrow(boolean f) { def s = Sink.open(); s.close(); throw new IllegalStateException() }
}
@CompileStatic class StaticGroovyShapes {
    @Expect(n = "a=C", f = "a=A") static void withCloseable(boolean f) { Sink.open().withCloseable { Sink s -> s.write(1); Boom.maybe(f) } }
    @Expect(n = "a=C", f = "a=A") static void withStream(boolean f) { Sink.open().withStream { s -> s.write(1); Boom.maybe(f) } }
    @Expect(n = "a=C", f = "a=A") static void withWriter(boolean f) { Sink.open().withWriter { w -> w.write("x"); Boom.maybe(f) } }
    @Expect(n = "a=C", f = "a=A") static void twr(boolean f) { try (Sink s = Sink.open()) { s.write(1); Boom.maybe(f) } }
    @Expect(n = "a=C", f = "a=A") static void tryFinally(boolean f) { Sink s = Sink.open(); try { s.write(1); Boom.maybe(f) } finally { s.close() } }
    @Expect(n = "a=C", f = "a=A") static void catchRethrow(boolean f) { Sink s = Sink.open(); try { Boom.maybe(f) } catch (Boom e) { s.close(); throw e }; s.close() }
    @Expect(n = "a=C", f = "a=A,b=C") static void reportInline(boolean f) { try { Sink.open().withCloseable { Boom.maybe(f) } } catch (Boom e) { Sink.open("b").withCloseable { Sink r -> r.write(1) }; throw e } }
    @Expect(n = "a=C", f = "a=C") static void swallow(boolean f) { Sink s = Sink.open(); try { Boom.maybe(f) } catch (Boom e) { } finally { s.close() } }
}
