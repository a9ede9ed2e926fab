package dev.gatehouse.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** The admin endpoint as the contract describes it, with answers that a test decides: lists with pages and cursors, content with ranges, problems, connections that break. */
final class FakeAdmin implements AutoCloseable {

    static final String TOKEN = "the-token";
    static final String USER = "admin";
    static final String PASSWORD = "correct horse battery";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What was asked: method, path and query, body. */
    record Asked(String method, String path, Map<String, String> query, String body, String range, String key) {}

    private record Problem(int status, String code, String detail, String retryAfter) {}

    final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    final Map<String, List<ObjectNode>> lists = new LinkedHashMap<>();
    final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    final Map<String, byte[]> contents = new HashMap<>();
    volatile String ca = "";
    volatile boolean signedIn = true;

    /** Bytes of each content response after which its connection breaks; used up one by one. */
    final Queue<Integer> cuts = new ConcurrentLinkedQueue<>();

    private final Queue<Problem> problems = new ConcurrentLinkedQueue<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String scheme;

    FakeAdmin() {
        this(null);
    }

    FakeAdmin(SSLContext tls) {
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            if (tls == null) {
                server = HttpServer.create(address, 0);
            } else {
                HttpsServer secure = HttpsServer.create(address, 0);
                secure.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secure;
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        scheme = tls == null ? "http" : "https";
        server.createContext("/api/v1/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next request gets this instead of its answer. */
    void fail(int status, String code, String detail) {
        problems.add(new Problem(status, code, detail, status == 429 ? "0" : null));
    }

    ObjectNode item(String list) {
        ObjectNode item = MAPPER.createObjectNode();
        lists.computeIfAbsent(list, name -> new ArrayList<>()).add(item);
        return item;
    }

    List<Asked> asked(Predicate<Asked> which) {
        return asked.stream().filter(which).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring("/api/v1/".length());
            Map<String, String> query = query(exchange.getRequestURI().getQuery());
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String method = exchange.getRequestMethod();
            asked.add(new Asked(
                    method,
                    path,
                    query,
                    body,
                    exchange.getRequestHeaders().getFirst("Range"),
                    exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            Problem problem = problems.poll();
            if (problem != null) {
                problem(exchange, problem);
            } else if (path.equals("ca")) {
                send(exchange, 200, "application/x-pem-file", ca.getBytes(StandardCharsets.US_ASCII));
            } else if (path.equals("login")) {
                login(exchange, MAPPER.readTree(body));
            } else if (!signedIn
                    || !("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                problem(exchange, new Problem(401, "unauthenticated", "the sign-in is not known or has ended", null));
            } else if (path.equals("logout")) {
                signedIn = false;
                exchange.sendResponseHeaders(204, -1);
            } else if (method.equals("DELETE") && objects.remove(path) != null) {
                exchange.sendResponseHeaders(204, -1);
            } else if (contents.containsKey(path)) {
                content(exchange, contents.get(path));
            } else if (method.equals("GET") && lists.containsKey(path)) {
                page(exchange, lists.get(path), query);
            } else if (objects.containsKey(path)) {
                json(exchange, 200, objects.get(path));
            } else {
                problem(exchange, new Problem(404, "not-found", "there is no " + path, null));
            }
        }
    }

    private static void login(HttpExchange exchange, JsonNode body) throws IOException {
        if (body.path("username").asText().equals(USER)
                && body.path("password").asText().equals(PASSWORD)) {
            json(exchange, 200, MAPPER.createObjectNode().put("token", TOKEN).put("expiresAt", "2026-11-22T00:00:00Z"));
        } else {
            problem(exchange, new Problem(401, "unauthenticated", "user name or password is wrong", null));
        }
    }

    private static void page(HttpExchange exchange, List<ObjectNode> items, Map<String, String> query)
            throws IOException {
        int from = Integer.parseInt(query.getOrDefault("cursor", "0"));
        int limit = Integer.parseInt(query.getOrDefault("limit", "100"));
        int to = Math.min(items.size(), from + limit);
        ObjectNode page = MAPPER.createObjectNode();
        ArrayNode array = page.putArray("items");
        items.subList(from, to).forEach(array::add);
        page.put("nextCursor", to < items.size() ? Integer.toString(to) : null);
        json(exchange, 200, page);
    }

    private void content(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
        if (from > 0 && from >= content.length) {
            problem(exchange, new Problem(416, "range-not-satisfiable", "nothing there", null));
            return;
        }
        byte[] part = Arrays.copyOfRange(content, from, content.length);
        exchange.sendResponseHeaders(range == null ? 200 : 206, part.length == 0 ? -1 : part.length);
        Integer cut = cuts.poll();
        exchange.getResponseBody().write(part, 0, cut == null ? part.length : Math.min(cut, part.length));
        exchange.getResponseBody().flush();
    }

    private static void problem(HttpExchange exchange, Problem problem) throws IOException {
        if (problem.retryAfter != null) {
            exchange.getResponseHeaders().add("Retry-After", problem.retryAfter);
        }
        json(
                exchange,
                problem.status,
                MAPPER.createObjectNode()
                        .put("type", "about:blank")
                        .put("title", "No")
                        .put("status", problem.status)
                        .put("code", problem.code)
                        .put("detail", problem.detail));
    }

    private static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
        send(exchange, status, "application/json", MAPPER.writeValueAsBytes(body));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new HashMap<>();
        if (text != null) {
            Stream.of(text.split("&")).map(pair -> pair.split("=", 2)).forEach(pair -> query.put(pair[0], pair[1]));
        }
        return query;
    }
}
