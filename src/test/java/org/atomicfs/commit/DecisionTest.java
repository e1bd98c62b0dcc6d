package org.atomicfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.atomicfs.CommitPolicy;
import org.atomicfs.unwind.Unwinding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {
    private static final String TRUTH_TABLE = """
            NO        | NO       | ON_SUCCESS | PUBLISH
            NO        | NO       | ON_CLOSE   | PUBLISH
            NO        | NO       | EXPLICIT   | DISCARD
            NO        | ATTACHES | ON_SUCCESS | DISCARD_FOR_UNWINDING
            NO        | ATTACHES_UNHEARD | ON_SUCCESS | DISCARD_FOR_UNWINDING
            NO        | ATTACHES | ON_CLOSE   | DISCARD_FOR_UNWINDING
            NO        | ATTACHES_UNHEARD | ON_CLOSE   | DISCARD_FOR_UNWINDING
            NO        | ATTACHES | EXPLICIT   | DISCARD_FOR_UNWINDING
            NO        | ATTACHES_UNHEARD | EXPLICIT   | DISCARD_FOR_UNWINDING
            NO        | HIDES    | ON_SUCCESS | DISCARD_FOR_UNWINDING
            NO        | HIDES    | ON_CLOSE   | DISCARD_FOR_UNWINDING
            NO        | HIDES    | EXPLICIT   | DISCARD_FOR_UNWINDING
            NO        | FOLLOWS_FAILURE | ON_SUCCESS | DISCARD_FOR_UNWINDING
            NO        | FOLLOWS_FAILURE | ON_CLOSE   | DISCARD_FOR_UNWINDING
            NO        | FOLLOWS_FAILURE | EXPLICIT   | DISCARD_FOR_UNWINDING
            ASKED_FOR | NO       | ON_SUCCESS | DISCARD
            ASKED_FOR | NO       | ON_CLOSE   | DISCARD
            ASKED_FOR | NO       | EXPLICIT   | DISCARD
            ASKED_FOR | ATTACHES | ON_SUCCESS | DISCARD
            ASKED_FOR | ATTACHES_UNHEARD | ON_SUCCESS | DISCARD
            ASKED_FOR | ATTACHES | ON_CLOSE   | DISCARD
            ASKED_FOR | ATTACHES_UNHEARD | ON_CLOSE   | DISCARD
            ASKED_FOR | ATTACHES | EXPLICIT   | DISCARD
            ASKED_FOR | ATTACHES_UNHEARD | EXPLICIT   | DISCARD
            ASKED_FOR | HIDES    | ON_SUCCESS | DISCARD
            ASKED_FOR | HIDES    | ON_CLOSE   | DISCARD
            ASKED_FOR | HIDES    | EXPLICIT   | DISCARD
            ASKED_FOR | FOLLOWS_FAILURE | ON_SUCCESS | DISCARD
            ASKED_FOR | FOLLOWS_FAILURE | ON_CLOSE   | DISCARD
            ASKED_FOR | FOLLOWS_FAILURE | EXPLICIT   | DISCARD
            YES       | NO       | ON_SUCCESS | DISCARD_FOR_FAILURE
            YES       | NO       | ON_CLOSE   | DISCARD_FOR_FAILURE
            YES       | NO       | EXPLICIT   | DISCARD_FOR_FAILURE
            YES       | ATTACHES | ON_SUCCESS | DISCARD_FOR_UNWINDING
            YES       | ATTACHES_UNHEARD | ON_SUCCESS | DISCARD_FOR_UNWINDING
            YES       | ATTACHES | ON_CLOSE   | DISCARD_FOR_UNWINDING
            YES       | ATTACHES_UNHEARD | ON_CLOSE   | DISCARD_FOR_UNWINDING
            YES       | ATTACHES | EXPLICIT   | DISCARD_FOR_UNWINDING
            YES       | ATTACHES_UNHEARD | EXPLICIT   | DISCARD_FOR_UNWINDING
            YES       | HIDES    | ON_SUCCESS | DISCARD_FOR_UNWINDING
            YES       | HIDES    | ON_CLOSE   | DISCARD_FOR_UNWINDING
            YES       | HIDES    | EXPLICIT   | DISCARD_FOR_UNWINDING
            YES       | FOLLOWS_FAILURE | ON_SUCCESS | DISCARD_FOR_UNWINDING
            YES       | FOLLOWS_FAILURE | ON_CLOSE   | DISCARD_FOR_UNWINDING
            YES       | FOLLOWS_FAILURE | EXPLICIT   | DISCARD_FOR_UNWINDING
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = TRUTH_TABLE)
    void what_is_done_depends_on_failure_unwinding_and_policy_alone(
            Decision.Failed failed, Unwinding unwinding, CommitPolicy policy, Decision decision) {
        assertEquals(decision, Decision.of(failed, unwinding, policy));
    }

    @Test
    void the_truth_table_has_every_combination() {
        int combinations = Decision.Failed.values().length * Unwinding.values().length * CommitPolicy.values().length;
        assertEquals(
                combinations,
                TRUTH_TABLE
                        .lines()
                        .map(line -> line.substring(0, line.lastIndexOf('|')))
                        .distinct()
                        .count());
    }
}
