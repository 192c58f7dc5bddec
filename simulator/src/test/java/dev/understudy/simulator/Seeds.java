package dev.understudy.simulator;

import dev.understudy.simulator.rules.*;
import dev.understudy.simulator.run.*;
import java.util.*;

public class Seeds {
    public static void main(String[] a) {
        long t0 = System.nanoTime();
        RuleSearch search = new RuleSearch(Machine.Maker.PRODUCTION);
        Map<String, Integer> seen = new TreeMap<>();
        int n = Integer.parseInt(a[0]);
        Map<String, String> best = new TreeMap<>();
        for (long seed = 1; seed <= n; seed++) {
            Optional<RuleSearch.Found> f;
            try {
                f = search.search(seed);
            } catch (RuntimeException e) {
                System.out.println("seed " + seed);
                throw e;
            }
            if (f.isPresent()) {
                String k = f.get().broken().replaceAll("[a-e]/\\w+", "T").replaceAll("\\d\\d+", "N");
                seen.merge(k, 1, Integer::sum);
                String old = best.get(k);
                if (old == null || f.get().text().length() < old.length())
                    best.put(k, f.get().text());
            }
        }
        System.out.println(seen);
        best.values().forEach(System.out::println);
        System.out.println(search.calls() + " calls, " + (System.nanoTime() - t0) / 1e9 + " s");
    }
}
