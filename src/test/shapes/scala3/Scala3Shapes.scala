package shapes
import org.atomicfs.unwind.corpus._
import scala.util.boundary, boundary.break
object Scala3Shapes {
  @Expect(n = "a=U", f = "a=M", note = "boundary/break across Using (exception), expected commit by user") def boundaryBreak(f: Boolean): Int = boundary { scala.util.Using.resource(Sink.open()) { s => Boom.maybe(f); if (!f) break(3); s.write(1) }; 1 }
  @Expect(n = "a=C", f = "a=M", note = "boundary/break local: compiled to goto") def boundaryLocal(f: Boolean): Int = boundary { val s = Sink.open(); try { Boom.maybe(f); if (!f) break(3); s.write(1) } finally s.close(); 1 }
}
