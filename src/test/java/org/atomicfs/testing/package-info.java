/** What several test classes use: file systems that can be made to fail, processes, listings, captured logs. */
package org.atomicfs.testing;
