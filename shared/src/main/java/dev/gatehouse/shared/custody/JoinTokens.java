package dev.gatehouse.shared.custody;

import dev.gatehouse.shared.audit.Audit;
import dev.gatehouse.shared.custody.CustodyException.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** The secrets by which new agents join: random, with limited uses and time, stored as hashes only. Failures are {@link CustodyException}. Thread-safe. */
public final class JoinTokens {

    public static final int MAX_USES = 1_000_000;
    public static final Duration MIN_TIME = Duration.ofSeconds(1);
    public static final Duration MAX_TIME = Duration.ofDays(366);

    private static final String PREFIX = "ght_"; // so that scanners for leaked secrets can know it
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom random = new SecureRandom();

    /** @param token in plain text, never to be had again */
    public record Created(UUID id, String token, Instant expiresAt) {}

    /** What is known of a token later. */
    public record Token(
            UUID id,
            int usesLeft,
            Map<String, String> labels,
            String createdBy,
            Instant createdAt,
            Instant expiresAt) {}

    private final Pool postgres;
    private final Audit audit;

    public JoinTokens(Pool postgres, Audit audit) {
        this.postgres = postgres;
        this.audit = audit;
    }

    /**
     * @param labels those that each agent gets that joins with it
     *
     * @param actor who makes it, and from where
     */
    public Future<Created> create(int uses, Duration time, Map<String, String> labels, String actor, String remote) {
        try {
            check(uses, time, labels);
        } catch (CustodyException wrong) {
            return Future.failedFuture(wrong);
        }
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        UUID id = UUID.randomUUID();
        Audit.Entry entry = Audit.Entry.done(actor, remote, "join-token.create", id.toString())
                .with("uses", uses)
                .with("seconds", time.toSeconds());
        return postgres.withTransaction(transaction -> audit.record(transaction, entry)
                .compose(recorded -> transaction
                        .preparedQuery(
                                "insert into join_token (id, token_hash, uses_left, labels, created_by, expires_at)"
                                        + " values ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 millisecond')"
                                        + " returning expires_at")
                        .execute(Tuple.of(id, hash(token), uses, labelsJson(labels), actor, (double) time.toMillis())))
                .map(rows -> new Created(
                        id, token, rows.iterator().next().getOffsetDateTime(0).toInstant())));
    }

    /** Newest first, with those that are used up or have ended, until somebody removes them. */
    public Future<List<Token>> list(int limit) {
        return postgres.preparedQuery("select id, uses_left, labels, created_by, created_at, expires_at from join_token"
                        + " order by created_at desc, id limit $1")
                .execute(Tuple.of(limit))
                .map(rows -> {
                    List<Token> tokens = new ArrayList<>();
                    rows.forEach(row -> tokens.add(token(row)));
                    return tokens;
                });
    }

    /** Whether there was one. Agents that have joined with it stay. */
    public Future<Boolean> remove(UUID id, String actor, String remote) {
        return postgres.withTransaction(transaction -> transaction
                .preparedQuery("delete from join_token where id = $1")
                .execute(Tuple.of(id))
                .compose(rows -> rows.rowCount() == 0
                        ? Future.succeededFuture(false)
                        : audit.record(transaction, Audit.Entry.done(actor, remote, "join-token.remove", id.toString()))
                                .map(true)));
    }

    /** Takes one use, until the transaction ends held against all others, and answers with the token's labels. */
    static Future<Map<String, String>> use(SqlConnection transaction, String token) {
        return transaction
                .preparedQuery("update join_token set uses_left = uses_left - 1"
                        + " where token_hash = $1 and uses_left > 0 and expires_at > clock_timestamp()"
                        + " returning labels")
                .execute(Tuple.of(hash(token)))
                .compose(rows -> rows.rowCount() == 1
                        ? Future.succeededFuture(labels(rows.iterator().next().getJsonObject(0)))
                        : transaction
                                .preparedQuery("select uses_left, expires_at from join_token where token_hash = $1")
                                .execute(Tuple.of(hash(token)))
                                .compose(found -> Future.failedFuture(
                                        found.size() == 0
                                                ? new CustodyException(Reason.UNKNOWN_TOKEN, "join token is not known")
                                                : whyNot(found.iterator().next()))));
    }

    private static CustodyException whyNot(Row row) {
        OffsetDateTime end = row.getOffsetDateTime(1).withOffsetSameInstant(ZoneOffset.UTC);
        return row.getInteger(0) == 0
                ? new CustodyException(Reason.USED_TOKEN, "join token has no uses left")
                : new CustodyException(Reason.EXPIRED_TOKEN, "join token ended at " + end);
    }

    private static void check(int uses, Duration time, Map<String, String> labels) {
        if (uses < 1 || uses > MAX_USES) {
            throw new CustodyException(Reason.BAD_REQUEST, "uses " + uses + "; 1 to " + MAX_USES + " are allowed");
        }
        if (time.compareTo(MIN_TIME) < 0 || time.compareTo(MAX_TIME) > 0) {
            throw new CustodyException(
                    Reason.BAD_REQUEST,
                    "time of " + time.toSeconds() + " s; 1 s to " + MAX_TIME.toDays() + " days are allowed");
        }
        AgentName.checkLabels(labels);
    }

    private static Token token(Row row) {
        return new Token(
                row.getUUID(0),
                row.getInteger(1),
                labels(row.getJsonObject(2)),
                row.getString(3),
                row.getOffsetDateTime(4).toInstant(),
                row.getOffsetDateTime(5).toInstant());
    }

    static Map<String, String> labels(JsonObject json) {
        Map<String, String> labels = new TreeMap<>();
        json.forEach(entry -> labels.put(entry.getKey(), String.valueOf(entry.getValue())));
        return labels;
    }

    static JsonObject labelsJson(Map<String, String> labels) {
        JsonObject json = new JsonObject();
        labels.forEach(json::put);
        return json;
    }

    private static Buffer hash(String token) {
        try {
            return Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
