/** A program on the module path: it requires atomicfs, and names paths by their URIs. */
module notes {
    requires org.atomicfs;
}
