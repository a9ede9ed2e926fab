package dev.gatehouse.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.protocol.stream.Codec;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LiveIT {

    @Test
    void tellsRatesCountsAndAgentsThatComeAndGo() {
        try (Api api = Api.start()) {
            Captured captured = new Captured(api.node.node());
            UUID agent = captured.agent("live", Instant.now().minusSeconds(60));
            // GIVEN somebody who listens
            HttpResponse<Stream<String>> response = api.send(api.request("live").GET(), BodyHandlers.ofLines());
            assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
            List<String> lines = new CopyOnWriteArrayList<>();
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    response.body().forEach(lines::add);
                } catch (RuntimeException ended) {
                    // the endpoint has closed
                }
            });
            await().atMost(Api.PATIENCE).until(() -> has(lines, "\"openStreams\":0"));
            // WHEN an agent comes and something is captured
            captured.sql("update agent_presence set last_seen_at = clock_timestamp() where agent_id = $1", agent);
            UUID stream = captured.stream(agent, "file", "live.txt", Instant.now());
            captured.segment(true, stream, List.of(Captured.chunk(0, 0, Buffer.buffer("hello"), Codec.NONE)));
            // THEN the listener hears of both
            await().atMost(Api.PATIENCE).until(() -> has(lines, "\"state\":\"online\""));
            await().atMost(Api.PATIENCE).until(() -> has(lines, "\"chunks\":1"));
            // WHEN it has gone
            captured.sql(
                    "update agent_presence set last_seen_at = now() - interval '1 minute' where agent_id = $1", agent);
            // THEN that is told too
            await().atMost(Api.PATIENCE).until(() -> has(lines, "\"id\":\"" + agent + "\",\"state\":\"offline\""));
            assertThat(reader.isAlive()).isTrue();
        }
    }

    private static boolean has(List<String> lines, String part) {
        return lines.stream().anyMatch(line -> line.contains(part));
    }
}
