/**
 * The commit protocol. Knows only plain paths, and is the only package that renames, links or forces.
 *
 * <p>The way of one write, in the order in which it happens:
 *
 * <ol>
 *   <li>{@link org.atomicfs.commit.OpenRequest}: the open options, sorted.
 *   <li>{@link org.atomicfs.commit.Destination}: follows symbolic links, and refuses at open what a plain open refuses.
 *   <li>{@link org.atomicfs.commit.Claim}: creates the temporary exclusively and locks it; one that a dead writer left
 *       is a {@link org.atomicfs.commit.Leftover}, and removed.
 *   <li>{@link org.atomicfs.commit.Transaction}: one write in flight: counts, notices failure, and decides at the end
 *       between publishing and discarding.
 *   <li>{@link org.atomicfs.commit.Publication}: from a complete temporary to the destination.
 * </ol>
 *
 * {@link org.atomicfs.commit.Transfer} copies and moves by the same steps; {@link org.atomicfs.commit.OpenWrites} knows
 * all writes of this JVM.
 */
package org.atomicfs.commit;
