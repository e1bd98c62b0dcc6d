/**
 * The command-line program: what a shell redirection does, but a file takes its name only when it is complete. Uses
 * nothing of atomicfs but its public API.
 */
package org.atomicfs.cli;
