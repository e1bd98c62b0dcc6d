package examples;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.atomicfs.AtomicListener;

/** Micrometer's meters of writes: how many were published and discarded, how large they were, how long forcing took. */
public final class WriteMeters {
    private WriteMeters() {}

    /** A listener for one open, for {@code AtomicOptions.Builder.addListener}, or to be found as a service. */
    public static AtomicListener of(MeterRegistry registry) {
        DistributionSummary bytes =
                DistributionSummary.builder("atomicfs.bytes").baseUnit("bytes").register(registry);
        Timer forcing = registry.timer("atomicfs.forcing");
        return event -> {
            registry.counter("atomicfs.writes", "outcome", event.outcome().name())
                    .increment();
            bytes.record(event.bytes());
            forcing.record(event.forcing());
        };
    }
}
