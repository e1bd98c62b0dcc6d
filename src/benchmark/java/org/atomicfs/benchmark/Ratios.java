package org.atomicfs.benchmark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.ListStatistics;

/**
 * Results as multiples of what is done without the library. A ratio is that of two medians of one round, and then the
 * median of all rounds: what the machine does beside the benchmarks disturbs a few measurements a lot.
 */
final class Ratios {
    /** What others are compared with: in a first column if it is not forced, in a second one if it is. */
    private static final Set<String> NOT_FORCED = Set.of(PathKind.PLAIN.name(), Way.BY_HAND.name());

    private static final Set<String> FORCED = Set.of(Way.BY_HAND_FORCED.name());

    private final Map<String, Row> rows = new LinkedHashMap<>();

    Ratios(Collection<? extends Collection<RunResult>> rounds) {
        for (Collection<RunResult> round : rounds) {
            Map<String, Double> notForced = bases(round, NOT_FORCED);
            Map<String, Double> forced = bases(round, FORCED);
            for (RunResult result : round) {
                String benchmark = comparable(result.getParams());
                String names = "| %s | %s |".formatted(benchmark, way(result.getParams()));
                rows.computeIfAbsent(names, absent -> new Row(unit(result)))
                        .add(median(result), notForced.get(benchmark), forced.get(benchmark));
            }
        }
    }

    /** In Markdown; without what has nothing to be compared with. */
    String table() {
        StringBuilder table = new StringBuilder("""

                | benchmark | way | median | to plain / by hand | to by hand, forced |
                |---|---|---:|---:|---:|
                """);
        rows.forEach((names, row) -> {
            if (row.isCompared()) {
                table.append(names).append(row).append('\n');
            }
        });
        return table.toString();
    }

    /** What was measured of one benchmark with the same parameters, round by round. */
    private static final class Row {
        private final String unit;
        private final List<Double> times = new ArrayList<>();
        private final List<Double> toNotForced = new ArrayList<>();
        private final List<Double> toForced = new ArrayList<>();

        Row(String unit) {
            this.unit = unit;
        }

        void add(double time, Double notForced, Double forced) {
            times.add(time);
            if (notForced != null) {
                toNotForced.add(time / notForced);
            }
            if (forced != null) {
                toForced.add(time / forced);
            }
        }

        boolean isCompared() {
            return !toNotForced.isEmpty() || !toForced.isEmpty();
        }

        @Override
        public String toString() {
            return " %.3f %s | %s | %s |".formatted(median(times), unit, text(toNotForced), text(toForced));
        }

        private static String text(List<Double> ratios) {
            return ratios.isEmpty() ? "" : "%.2f".formatted(median(ratios));
        }
    }

    private static Map<String, Double> bases(Collection<RunResult> round, Set<String> ways) {
        Map<String, Double> bases = new HashMap<>();
        for (RunResult result : round) {
            if (ways.contains(way(result.getParams()))) {
                bases.put(comparable(result.getParams()), median(result));
            }
        }
        return bases;
    }

    private static String unit(RunResult result) {
        return result.getPrimaryResult().getScoreUnit();
    }

    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }

    private static double median(List<Double> values) {
        return new ListStatistics(
                        values.stream().mapToDouble(Double::doubleValue).toArray())
                .getPercentile(50);
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
