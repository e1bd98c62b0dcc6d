package shapes
import org.atomicfs.unwind.corpus._
import java.io._
import scala.util.{Using, Try}
import scala.util.control.Breaks._
import scala.util.control.NonFatal

object ScalaShapes {
  @Expect(n = "a=C", f = "a=A") def usingResource(f: Boolean): Unit = Using.resource(Sink.open()) { s => s.write(1); Boom.maybe(f) }
  @Expect(n = "a=C", f = "a=A") def usingTry(f: Boolean): Unit = Using(Sink.open()) { s => s.write(1); Boom.maybe(f) }.get
  @Expect(n = "a=C", f = "a=A") def usingTryKept(f: Boolean): Unit = Using(Sink.open()) { s => s.write(1); Boom.maybe(f) }
  @Expect(n = "a=C,b=C", f = "a=A,b=A") def usingResources(f: Boolean): Unit = Using.resources(Sink.open(), Sink.open("b")) { (s, t) => s.write(1); Boom.maybe(f) }
  @Expect(n = "a=C,b=C", f = "a=M,b=M") def usingManager(f: Boolean): Unit = Using.Manager { u => val s = u(Sink.open()); val t = u(Sink.open("b")); Boom.maybe(f); s.write(1) }.get
  @Expect(n = "a=C", f = "a=A") def usingWriter(f: Boolean): Unit = Using.resource(new BufferedWriter(new OutputStreamWriter(Sink.open()))) { s => s.write(1); Boom.maybe(f) }
  @Expect(n = "a=C", f = "a=A") def tryFinally(f: Boolean): Unit = { val s = Sink.open(); try { s.write(1); Boom.maybe(f) } finally s.close() }
  @Expect(n = "a=C", f = "a=A") def catchRethrow(f: Boolean): Unit = { val s = Sink.open(); try { s.write(1); Boom.maybe(f) } catch { case e: Boom => s.close(); throw e }; s.close() }
  @Expect(n = "a=C", f = "a=A") def catchNonFatal(f: Boolean): Unit = { val s = Sink.open(); try { s.write(1); Boom.maybe(f) } catch { case NonFatal(e) => s.close(); throw new RuntimeException(e) }; s.close() }
  @Expect(n = "a=C", f = "a=A") def catchPatternMatch(f: Boolean): Unit = { val s = Sink.open(); try { s.write(1); Boom.maybe(f) } catch { case e: Boom if e.getMessage == "boom" => s.close(); throw e; case e: IllegalStateException => s.write(2) }; s.close() }
  @Expect(n = "a=C", f = "a=C") def catchSwallowFinally(f: Boolean): Unit = { val s = Sink.open(); try { s.write(1); Boom.maybe(f) } catch { case e: Boom => () } finally s.close() }
  @Expect(n = "a=C", f = "a=A") def tryValue(f: Boolean): Int = { val s = Sink.open(); try { Boom.maybe(f); 3 } finally s.close() }
  @Expect(n = "a=C", f = "a=A") def tryBlock(f: Boolean): Unit = { Try { val s = Sink.open(); try Boom.maybe(f) finally s.close() } }
  @Expect(n = "a=U", f = "a=M", note = "break() inside Using is a ControlThrowable") def breakInUsing(f: Boolean): Unit = breakable { Using.resource(Sink.open()) { s => Boom.maybe(f); s.write(1); break() } }
  @Expect(n = "a=C", f = "a=M") def breakOutsideFinally(f: Boolean): Unit = breakable { val s = Sink.open(); try { Boom.maybe(f); s.write(1) } finally s.close(); break() }
  @Expect(n = "a=U", f = "a=M", note = "return inside a closure is NonLocalReturnControl") def nonLocalReturn(f: Boolean): Int = { Using.resource(Sink.open()) { s => Boom.maybe(f); if (!f) return 7; s.write(1) }; 1 }
  @Expect(n = "a=U", f = "a=M", note = "non-local return from foreach through try/finally") def nonLocalReturn2(f: Boolean): Int = { val s = Sink.open(); try { List(1, 2, 3).foreach { i => Boom.maybe(f); if (i == 2) return i }; 0 } finally s.close() }
  @Expect(n = "a=C", f = "a=A,b=C") def reportInline(f: Boolean): Unit = try Using.resource(Sink.open()) { s => Boom.maybe(f) } catch { case e: Boom => Using.resource(Sink.open("b")) { r => r.write(1) }; throw e }
  @Expect(n = "a=C", f = "a=A") def lazyVal(f: Boolean): Unit = { lazy val x = { val s = Sink.open(); try { Boom.maybe(f); 1 } finally s.close() }; x }
  def loan[A](body: Sink => A): A = { val s = Sink.open(); try body(s) finally s.close() }
  @Expect(n = "a=C", f = "a=A") def loanPattern(f: Boolean): Unit = loan { s => s.write(1); Boom.maybe(f) }
}
