package dev.gatehouse.standalone.home;

/** The ports of a local Gatehouse, all moved by one offset so that several run side by side. */
public record Ports(int offset) {

    public static final int MAX_OFFSET = 20_000;

    public Ports {
        if (offset < 0 || offset > MAX_OFFSET) {
            throw new IllegalArgumentException("--port-offset " + offset + "; 0 to " + MAX_OFFSET + " are allowed");
        }
    }

    public int agent() {
        return 10_000 + offset;
    }

    public int access() {
        return 9_443 + offset;
    }

    public int peer() {
        return 10_001 + offset;
    }

    public int admin() {
        return 8_443 + offset;
    }

    public int status() {
        return 42_001 + offset;
    }

    public int cluster() {
        return 5_701 + offset;
    }

    public int bus() {
        return 5_801 + offset;
    }

    /** Not PostgreSQL's own port, which a database of the host may have. */
    public int postgres() {
        return 15_432 + offset;
    }

    /** Not Redis's own port, which a server of the host may have. */
    public int redis() {
        return 16_379 + offset;
    }
}
