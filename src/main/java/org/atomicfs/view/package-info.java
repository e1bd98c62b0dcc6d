/**
 * The decorators: one small class for each type of NIO that has to do with paths or channels. They wrap and unwrap, and
 * leave every change of a file to {@code org.atomicfs.commit}. The one pair that wraps and unwraps is
 * {@link org.atomicfs.view.AtomicFileSystem#wrap} and {@link org.atomicfs.view.AtomicPath#unwrap}; nothing that a
 * caller gets is a delegate's path.
 */
package org.atomicfs.view;
