package dev.gatehouse.shared.node;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** The process's row in {@code node}, and what has become of others'. Database time only. */
final class NodeRow {

    /** What a row says of its process. */
    enum State {
        STARTING("starting"),
        READY("ready"),
        DRAINING("draining"),
        GONE("gone");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    /** A node that has not been seen for so long is gone: six heartbeats. */
    static final Duration GONE_AFTER = Duration.ofSeconds(30);

    /** Rows of nodes gone for so long are removed. */
    static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

    private final Pool pool;

    /** Who the process is; what stays the same in its row. */
    record Identity(String id, String name, String roles, String version, String address, Instant certificateUntil) {}

    private final Identity self;

    NodeRow(Pool pool, Identity self) {
        this.pool = pool;
        this.self = self;
    }

    /** Also the heartbeat: makes the row, or makes it anew if somebody thought this process gone. */
    Future<Void> write(State state) {
        return pool.preparedQuery("""
                        insert into node (id, name, role, state, version, address, certificate_until, started_at, seen_at)
                        values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), clock_timestamp())
                        on conflict (id) do update set state = excluded.state, seen_at = excluded.seen_at""")
                .execute(Tuple.of(
                        self.id(),
                        self.name(),
                        self.roles(),
                        state.word,
                        self.version(),
                        self.address(),
                        self.certificateUntil().atOffset(ZoneOffset.UTC)))
                .mapEmpty();
    }

    /** Marks those that died without a word, and forgets those gone for long. */
    Future<Void> tidy() {
        return pool.preparedQuery("""
                        with forgotten as (
                            delete from node where seen_at < clock_timestamp() - $2::bigint * interval '1 second'
                        )
                        update node set state = 'gone'
                        where state <> 'gone' and seen_at < clock_timestamp() - $1::bigint * interval '1 second'
                            and seen_at >= clock_timestamp() - $2::bigint * interval '1 second'""")
                .execute(Tuple.of(GONE_AFTER.toSeconds(), FORGOTTEN_AFTER.toSeconds()))
                .mapEmpty();
    }
}
