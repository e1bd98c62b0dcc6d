/**
 * Tells how writes have ended: {@link org.atomicfs.AtomicListener listeners} and the Flight Recorder. Knows no file,
 * and nothing of the protocol; {@code commit} says when something has ended. {@link org.atomicfs.events.Observation} is
 * the one class that a program loads to which nobody listens.
 */
package org.atomicfs.events;
