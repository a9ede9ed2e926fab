package dev.gatehouse.cli.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.cli.client.ApiClient;
import dev.gatehouse.cli.client.ApiProblem;
import dev.gatehouse.cli.output.Json;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The chunks as {@code streams/ID/chunks} tells them, a page at a time. */
final class ApiChunks implements StoredChunks {

    /** The server reads a page again from its store: at most 32 MiB. */
    private static final int PAGE = 500;

    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    private final ApiClient client;

    ApiChunks(ApiClient client) {
        this.client = client;
    }

    @Override
    public Known read(UUID stream, Taker taker) {
        try {
            client.each(
                    "streams/" + stream + "/chunks",
                    Map.of("limit", Integer.toString(PAGE)),
                    chunk -> taker.take(stored(chunk)));
            return Known.YES;
        } catch (ApiProblem refused) {
            return switch (refused.status()) {
                case NOT_FOUND -> Known.NO;
                case GONE -> Known.EXPIRED;
                default -> throw refused;
            };
        }
    }

    private static Stored stored(JsonNode chunk) {
        String sha256 = Json.text(chunk, "sha256");
        return new Stored(
                chunk.path("sequence").asLong(),
                sha256.isEmpty() ? Optional.empty() : Optional.of(sha256),
                Json.text(chunk, "state").equals("expired") ? State.EXPIRED : State.THERE);
    }
}
