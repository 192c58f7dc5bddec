package dev.understudy.simulator;
import dev.understudy.simulator.run.*;
public class Seeds2 {
    public static void main(String[] a) {
        for (double down : new double[]{.01,.024}) for (ChainSettings c : ReferenceTable.policies()) {
            long t0=System.nanoTime();
            Measures m = new Simulation(ReferenceTable.scenario(1, 200_000, down), c).run();
            System.out.printf("%.3f %-22s %.3f%% %.3f misses %d %.1fs p50 %.1f p99 %.1f%n", down, c.name(), 100*m.answered(), m.attemptsPerCall(), m.deadlineMisses(), (System.nanoTime()-t0)/1e9, m.total().quantile(.5)/1e9, m.total().quantile(.99)/1e9);
        }
    }
}
