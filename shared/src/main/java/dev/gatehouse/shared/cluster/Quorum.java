package dev.gatehouse.shared.cluster;

/**
 * Whether enough background-workers are there for one of them to be followed by another: more than half of those expected. Nothing stops without it; it is said. Pure.
 *
 * @param expected how many there should be; an odd number, as an even one survives no more deaths than the odd one below it
 */
public record Quorum(int expected, int present) {

    public static Quorum of(ClusterSettings settings, Members members) {
        return new Quorum(
                settings.expectedBackgroundWorkers(),
                members.with(Role.BACKGROUND_WORKER).size());
    }

    public boolean met() {
        return present > expected / 2;
    }

    /** For people. */
    @Override
    public String toString() {
        return present + " of " + expected + " background-workers are there";
    }
}
