package dev.gatehouse.admin;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium with one page, told what to do over its DevTools protocol. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonObject>> asked = new ConcurrentHashMap<>();

    private Browser(Process process, Path profile, HttpClient client, URI page) {
        this.process = process;
        this.profile = profile;
        this.socket =
                client.newWebSocketBuilder().buildAsync(page, new Answers()).join();
    }

    /** Skips the test where there is none, unless {@code CI=true}: there it fails. */
    static Browser start() throws IOException, InterruptedException {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(":", -1))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("no Chromium on the PATH; .ci/run installs it");
        }
        assumeTrue(program.isPresent(), "no Chromium on the PATH (Debian: apt-get install chromium)");
        Path profile = Files.createTempDirectory("gatehouse-chromium");
        Process process = new ProcessBuilder(
                        program.get().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--ignore-certificate-errors",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path portFile = profile.resolve("DevToolsActivePort");
        await().atMost(PATIENCE)
                .until(() ->
                        Files.exists(portFile) && !Files.readString(portFile).isBlank());
        int port = Integer.parseInt(Files.readAllLines(portFile).getFirst());
        HttpClient client = HttpClient.newHttpClient();
        String pages = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
        String address = new JsonArray(pages)
                .stream()
                        .map(JsonObject.class::cast)
                        .filter(page -> page.getString("type").equals("page"))
                        .findFirst()
                        .orElseThrow()
                        .getString("webSocketDebuggerUrl");
        return new Browser(process, profile, client, URI.create(address));
    }

    void open(URI address) {
        ask("Page.navigate", JsonObject.of("url", address.toString()));
    }

    /** The value of a JavaScript expression. */
    Object value(String expression) {
        JsonObject answer = ask(
                "Runtime.evaluate",
                JsonObject.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        return answer.getJsonObject("result").getValue("value");
    }

    /** Waits until the expression is true. */
    void until(String expression) {
        await(expression).atMost(PATIENCE).until(() -> Boolean.TRUE.equals(value(expression)));
    }

    /** Fills a field as its reader would, and tells the page. */
    void fill(String selector, String text) {
        value("(() => { const field = document.querySelector(" + quoted(selector) + "); field.value = " + quoted(text)
                + "; field.dispatchEvent(new Event('input', { bubbles: true })) })()");
    }

    void click(String selector) {
        value("document.querySelector(" + quoted(selector) + ").click()");
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> { // its last children may still write
                            try (Stream<Path> files = Files.walk(profile)) {
                                files.sorted(java.util.Comparator.reverseOrder())
                                        .forEach(file -> file.toFile().delete());
                            }
                            return !Files.exists(profile);
                        });
    }

    private JsonObject ask(String method, JsonObject parameters) {
        int number = numbers.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        asked.put(number, answer);
        socket.sendText(
                        JsonObject.of("id", number, "method", method, "params", parameters)
                                .encode(),
                        true)
                .join();
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static String quoted(String text) {
        return new JsonArray().add(text).encode().replaceAll("^\\[|]$", "");
    }

    /** Puts pieces of messages together and gives answers to those who asked. */
    private final class Answers implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence piece, boolean last) {
            text.append(piece);
            if (last) {
                JsonObject message = new JsonObject(text.toString());
                text.setLength(0);
                CompletableFuture<JsonObject> waiting =
                        message.containsKey("id") ? asked.remove(message.getInteger("id")) : null;
                if (waiting != null) {
                    waiting.complete(message.getJsonObject("result", new JsonObject()));
                }
            }
            socket.request(1);
            return null;
        }
    }
}
