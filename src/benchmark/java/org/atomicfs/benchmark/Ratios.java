package org.atomicfs.benchmark;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The results of one run as multiples of what is done without the library, in a table of Markdown. Medians of the
 * iterations are compared: what the machine does beside a benchmark disturbs a few of them a lot.
 */
final class Ratios {
    private static final String NOT_FORCED = "not forced";
    private static final String FORCED = "forced";

    /** Medians of what is compared with, by {@link #comparable} and by whether it is forced. */
    private final Map<String, Double> bases = new HashMap<>();

    private Ratios(Collection<RunResult> results) {
        for (RunResult result : results) {
            String way = way(result.getParams());
            if (way.equals(PathKind.PLAIN.name()) || way.equals(Way.BY_HAND.name())) {
                bases.put(comparable(result.getParams()) + NOT_FORCED, median(result));
            } else if (way.equals(Way.BY_HAND_FORCED.name())) {
                bases.put(comparable(result.getParams()) + FORCED, median(result));
            }
        }
    }

    static String table(Collection<RunResult> results) {
        Ratios ratios = new Ratios(results);
        StringBuilder table = new StringBuilder("""

                | benchmark | way | median | to plain / by hand | to by hand, forced |
                |---|---|---:|---:|---:|
                """);
        for (RunResult result : results) {
            String notForced = ratios.to(NOT_FORCED, result);
            String forced = ratios.to(FORCED, result);
            if (notForced.isEmpty() && forced.isEmpty()) {
                continue;
            }
            BenchmarkParams params = result.getParams();
            table.append("| %s | %s | %.3f %s | %s | %s |%n"
                    .formatted(
                            comparable(params),
                            way(params),
                            median(result),
                            result.getPrimaryResult().getScoreUnit(),
                            notForced,
                            forced));
        }
        return table.toString();
    }

    private String to(String base, RunResult result) {
        Double median = bases.get(comparable(result.getParams()) + base);
        return median == null ? "" : "%.2f".formatted(median(result) / median);
    }

    private static double median(RunResult result) {
        Result<?> primary = result.getPrimaryResult();
        return primary.getStatistics().getPercentile(50);
    }

    /** The parameter in which the results that are compared differ; empty if a benchmark has none. */
    private static String way(BenchmarkParams params) {
        for (String key : params.getParamsKeys()) {
            if (isWay(key)) {
                return params.getParam(key);
            }
        }
        return "";
    }

    private static boolean isWay(String key) {
        return key.equals("way") || key.equals("kind");
    }

    /** The benchmark and all its other parameters, which results that are compared have in common. */
    private static String comparable(BenchmarkParams params) {
        StringBuilder text = new StringBuilder(params.getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1"));
        for (String key : params.getParamsKeys()) {
            if (!isWay(key)) {
                text.append(' ').append(key).append('=').append(params.getParam(key));
            }
        }
        return text.toString();
    }
}
