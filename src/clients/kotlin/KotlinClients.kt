package org.atomicfs.clients

import java.nio.file.Path
import kotlin.io.path.bufferedWriter
import kotlin.io.path.outputStream
import kotlin.io.path.readBytes
import kotlin.io.path.writeLines

/** Kotlin's standard library, compiled with the test. */
abstract class KotlinText(use: String) : Client(Unit::class.java, use) {
    override fun check(file: Path) = check(file.readBytes().contentEquals(Source.complete().bytes().readAllBytes()))
}

class Use : KotlinText("`Path.bufferedWriter().use`") {
    override fun write(file: Path, source: Source) =
        file.bufferedWriter().use { writer -> source.rows().forEach { writer.write("$it\n") } }
}

class CopyTo : KotlinText("`InputStream.copyTo` in `use`") {
    override fun write(file: Path, source: Source) {
        file.outputStream().use { source.bytes().copyTo(it) }
    }
}

class WriteLines : KotlinText("`Path.writeLines(Sequence)`") {
    override fun write(file: Path, source: Source) {
        file.writeLines(source.rows().asSequence())
    }
}
