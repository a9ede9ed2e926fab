package dev.gatehouse.standalone.fleet;

import dev.gatehouse.shared.cluster.Role;
import dev.gatehouse.standalone.home.Ports;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many processes of each role a fleet has, and what keeps its objects.
 *
 * @param replicas 1 to {@link Ports#MAX_REPLICAS} of each role
 */
record Shape(Map<Role, Integer> replicas, Store store) {

    /** What keeps a fleet's objects. */
    enum Store {
        /** {@code HOME/store}. */
        FOLDER,
        /** An S3 server as a process of its own. */
        S3
    }

    /** One process of a role. */
    record Replica(Role role, int number, Ports.OfNode ports) {

        String name() {
            return role.word() + "-" + number;
        }
    }

    Shape {
        replicas = new EnumMap<>(replicas);
        replicas.forEach((role, count) -> {
            if (count < 1 || count > Ports.MAX_REPLICAS) {
                throw new IllegalArgumentException(
                        "--" + role.word() + "s " + count + "; 1 to " + Ports.MAX_REPLICAS + " are allowed");
            }
        });
    }

    /** All services, by role and number. */
    List<Replica> all(Ports ports) {
        return Stream.of(Role.values())
                .flatMap(role -> IntStream.rangeClosed(1, replicas.get(role))
                        .mapToObj(number -> new Replica(role, number, ports.of(role, number))))
                .toList();
    }

    /**
     * In the order of their start: the first alone, so that there is one cluster that all others join; then so many at once as two cores can start without each taking longer than it may.
     */
    static <T> List<List<T>> waves(List<T> all, int size) {
        return IntStream.iterate(0, at -> at < all.size(), at -> at == 0 ? 1 : at + size)
                .mapToObj(at -> all.subList(at, Math.min(all.size(), at == 0 ? 1 : at + size)))
                .toList();
    }
}
