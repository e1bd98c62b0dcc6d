package shapes
import org.atomicfs.unwind.corpus.*
import org.atomicfs.unwind.corpus.Target
import java.io.*
import java.nio.file.Files
import kotlinx.coroutines.*
import kotlinx.coroutines.flow.*

fun <T : Closeable?, R> T.useNoInline(block: (T) -> R): R = this.use(block)
suspend fun step(f: Boolean) { delay(1); Boom.maybe(f) }
class Stop : RuntimeException()

object KotlinShapes {
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun useInline(f: Boolean) { Sink.open().use { it.write(1); Boom.maybe(f) } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun useNested(f: Boolean) { Sink.open().buffered().use { b -> b.bufferedWriter().use { w -> w.write("x"); Boom.maybe(f) } } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun useNonInlined(f: Boolean) { Sink.open().useNoInline { it.write(1); Boom.maybe(f) } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun useReturn(f: Boolean): Int { Sink.open().use { Boom.maybe(f); return 5 } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun useReturnLabel(f: Boolean): Int = Sink.open().use { Boom.maybe(f); if (!f) return@use 3; 4 }
    @JvmStatic @Expect(n = "a=C,b=C", f = "a=C,b=A") fun useLoop(f: Boolean) { for (n in listOf("a", "b", "c")) { Sink.open(n).use { if (n == "b") Boom.maybe(f); if (n == "c") return } } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun useAutoCloseable(f: Boolean) { val x: AutoCloseable = Sink.open(); x.use { Boom.maybe(f) } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun useNullable(f: Boolean) { val x: Sink? = if (System.nanoTime() > 0) Sink.open() else null; x.use { Boom.maybe(f) } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun tryFinally(f: Boolean) { val s = Sink.open(); try { Boom.maybe(f) } finally { s.close() } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun tryExpression(f: Boolean) { val s = Sink.open(); val k = try { Boom.maybe(f); 1 } catch (e: IllegalStateException) { 2 } finally { s.close() }; println(if (k == 7) k else "") }
    @JvmStatic @Expect(n = "a=C", f = "a=C") fun tryCatchSwallow(f: Boolean) { val s = Sink.open(); val k = try { Boom.maybe(f); 1 } catch (e: Boom) { 2 } finally { s.close() }; if (k == 7) println(k) }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun runCatchingInside(f: Boolean) { runCatching { Sink.open().use { Boom.maybe(f) } } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun bufferedWriterUse(f: Boolean) { Files.newBufferedWriter(Target.channel()).use { it.write("x"); Boom.maybe(f) } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun printWriter(f: Boolean) { PrintWriter(Sink.open()).use { out -> out.println("x"); Boom.maybe(f) } }
    @JvmStatic @Expect(n = "a=C", f = "a=A,b=C") fun reportInline(f: Boolean) { try { Sink.open().use { Boom.maybe(f) } } catch (e: Boom) { Sink.open("b").use { it.write(1) }; throw e } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun copyToUse(f: Boolean) { Inputs.bytes(f).use { i -> Files.newOutputStream(Target.stream()).use { o -> i.copyTo(o) } } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun sequenceInside(f: Boolean) { Sink.open().use { s -> sequence { yield(1); Boom.maybe(f); yield(2) }.forEach { s.write(it) } } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun suspendUse(f: Boolean) { runBlocking { Sink.open().use { s -> s.write(1); step(f); s.write(2) } } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun suspendUseNoSuspension(f: Boolean) { runBlocking { delay(1); Sink.open().use { s -> s.write(1); Boom.maybe(f) } } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun suspendFinally(f: Boolean) { runBlocking { val s = Sink.open(); try { step(f) } finally { s.close() } } }
    @JvmStatic @Expect(n = "a=C", f = "a=M", note = "suspension inside finally") fun suspendFinallyNonCancellable(f: Boolean) { runBlocking { val s = Sink.open(); try { step(f) } finally { withContext(NonCancellable) { delay(1); s.close() } } } }
    @JvmStatic @Expect(n = "a=C", f = "a=M", note = "suspension before close in finally") fun suspendFinallyDelay(f: Boolean) { runBlocking { val s = Sink.open(); try { step(f) } finally { delay(1); s.close() } } }
    @JvmStatic @Expect(n = "a=C", f = "a=A", note = "cancellation") fun cancelled(f: Boolean) { runBlocking { val j = launch { Sink.open().use { s -> s.write(1); delay(if (f) 10000 else 1) } }; delay(30); if (f) j.cancelAndJoin() } }
    @JvmStatic @Expect(n = "a=U", f = "a=M", note = "flow.first() aborts the producer with AbortFlowException") fun flowFirst(f: Boolean) { runBlocking { val fl = flow { Sink.open().use { s -> s.write(1); Boom.maybe(f); emit(1); emit(2) } }; fl.first() } }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun flowAll(f: Boolean) { runBlocking { val fl = flow { Sink.open().use { s -> s.write(1); emit(1); Boom.maybe(f); emit(2) } }; fl.toList() } }
    @JvmStatic @Expect(n = "a=C", f = "a=A", note = "non-local return from inlined lambda chain") fun nonLocal(f: Boolean): Int { Sink.open().use { s -> listOf(1, 2, 3).forEach { if (it == 2) { Boom.maybe(f); return it } } }; return 0 }
    @JvmStatic @Expect(n = "a=C", f = "a=A") fun withLockUse(f: Boolean) { synchronized(this) { Sink.open().use { Boom.maybe(f) } } }
}
