package dev.gatehouse.standalone.home;

import dev.gatehouse.shared.cluster.Role;
import java.util.List;

/**
 * The ports of a local Gatehouse, all moved by one offset so that several run side by side. The first replica of a role has the endpoint's usual port; each endpoint has a block for the others:
 *
 * <pre>
 * agent   10000, then 10102–10120     status  42001, then 12002–12080
 * peer    10001, then 10202–10220     cluster  5701–5780
 * access   9443, then  9502–9520      bus      5801–5880
 * admin    8443, then  8502–8520      PostgreSQL 15432, Redis 16379, S3 17480
 * demo resources: echo 17007, web 17080
 * </pre>
 *
 * Status, cluster and bus, which every process has, are numbered through: twenty for each role: gateways, ingest-workers, background-workers, admin-apis. Only the first status port is in the range out of which Linux gives ports to outgoing connections,
 * one of which may have it just then.
 */
public record Ports(int offset) {

    public static final int MAX_OFFSET = 20_000;

    /** Replicas of one role. */
    public static final int MAX_REPLICAS = 20;

    private static final List<Role> BLOCKS =
            List.of(Role.GATEWAY, Role.INGEST_WORKER, Role.BACKGROUND_WORKER, Role.ADMIN_API);

    public Ports {
        if (offset < 0 || offset > MAX_OFFSET) {
            throw new IllegalArgumentException("--port-offset " + offset + "; 0 to " + MAX_OFFSET + " are allowed");
        }
    }

    /** Those of one process; the endpoints that its role does not have are not used. */
    public record OfNode(int agent, int access, int peer, int admin, int status, int cluster, int bus) {}

    /** Those of the only process of {@code up}: that has every role. */
    public OfNode ofUp() {
        return of(BLOCKS.getFirst(), 1);
    }

    /**
     * Those of a replica.
     *
     * @param number from 1
     */
    public OfNode of(Role role, int number) {
        if (number < 1 || number > MAX_REPLICAS) {
            throw new IllegalArgumentException("replica " + number + "; 1 to " + MAX_REPLICAS + " are allowed");
        }
        int through = BLOCKS.indexOf(role) * MAX_REPLICAS + number;
        return new OfNode(
                endpoint(10_000, 10_100, number),
                endpoint(9_443, 9_500, number),
                endpoint(10_001, 10_200, number),
                endpoint(8_443, 8_500, number),
                endpoint(42_001, 12_000, through),
                5_700 + through + offset,
                5_800 + through + offset);
    }

    private int endpoint(int first, int block, int number) {
        return (number == 1 ? first : block + number) + offset;
    }

    /** Not PostgreSQL's own port, which a database of the host may have. */
    public int postgres() {
        return 15_432 + offset;
    }

    /** Not Redis's own port, which a server of the host may have. */
    public int redis() {
        return 16_379 + offset;
    }

    public int s3() {
        return 17_480 + offset;
    }

    /** What the demo agent offers as {@code demo-echo}. */
    public int demoEcho() {
        return 17_007 + offset;
    }

    /** What the demo agent offers as {@code demo-web}. */
    public int demoWeb() {
        return 17_080 + offset;
    }
}
