package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class RightsTest {
    /** Every mode: what an owner, a member of the group and all others may do, before, meanwhile and at the end. */
    @Test
    void nobody_gains_a_right() {
        for (int mode = 0; mode <= 07777; mode++) {
            int written = Rights.whileWritten(mode);
            int mine = Rights.atTheEnd(mode, false, false);
            int group = mode >> 3 & 7;
            int others = mode & 7;
            for (int result : new int[] {written, mine}) { // members of any group, and those that are in none
                assertEquals(0, result & 06070 & ~(group << 3));
                assertEquals(0, result & 06070 & ~(others << 3));
                assertEquals(0, result & 06007 & ~group);
                assertEquals(0, result & 06007 & ~others);
            }
            int writer = (mode & 0222) == 0 ? 0400 : 0600;
            assertEquals(mode & 0700 | writer, written & 0722);
            assertEquals(mode & 0700, mine & 0700);
            assertEquals(mode, Rights.atTheEnd(mode, true, true));
            assertEquals(mode & 01777, Rights.atTheEnd(0100000 | mode, true, false));
        }
    }

    @Test
    void the_usual_modes_need_no_change_at_the_end() {
        for (int mode : new int[] {0644, 0600, 0755, 0700, 0444, 0400}) {
            assertEquals(mode, Rights.whileWritten(mode));
        }
        assertEquals(0600, Rights.whileWritten(0640));
        assertEquals(0600, Rights.whileWritten(0222) & 0600);
    }

    @Test
    void permissions_are_the_bits_of_chmod() {
        for (String permissions : new String[] {"rwxr-x-w-", "r--------", "---rwx--x", "---------"}) {
            int bits = Rights.bits(PosixFilePermissions.fromString(permissions));
            assertEquals(permissions, PosixFilePermissions.toString(Rights.permissions(bits)));
        }
        assertEquals(0752, Rights.bits(PosixFilePermissions.fromString("rwxr-x-w-")));
    }
}
