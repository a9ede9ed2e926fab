package dev.gatehouse.admin.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The files of the dashboard and of {@code /api/docs}, read from the program once and kept: none comes from elsewhere, and the pages work without any other host. Immutable after the start. */
public final class WebFiles {

    private record File(String type, String tag, Buffer bytes) {}

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png");

    private final Map<String, File> files = new LinkedHashMap<>();

    private WebFiles() {}

    /** Reads all. Blocking. */
    public static WebFiles load() {
        WebFiles web = new WebFiles();
        for (String name : new String(resource("web/files.txt"), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            web.add("/" + name, resource("web/" + name));
        }
        web.files.put("/", web.files.get("/index.html"));
        String preact = webjar("org.webjars.npm", "preact");
        web.add("/vendor/preact.js", resource(preact + "dist/preact.module.js"));
        // browsers find modules by path, not by name
        web.add(
                "/vendor/hooks.js",
                new String(resource(preact + "hooks/dist/hooks.module.js"), StandardCharsets.UTF_8)
                        .replace("from\"preact\"", "from\"./preact.js\"")
                        .getBytes(StandardCharsets.UTF_8));
        String swagger = webjar("org.webjars", "swagger-ui");
        for (String name : List.of("swagger-ui.css", "swagger-ui-bundle.js")) {
            web.add("/api/docs/" + name, resource(swagger + name));
        }
        web.add("/api/docs/start.js", resource("docs/start.js"));
        web.add("/api/docs", "index.html", resource("docs/index.html"));
        return web;
    }

    public void bind(Router router) {
        files.forEach((path, file) -> router.get(path).handler(context -> send(context, file)));
    }

    private void add(String path, byte[] bytes) {
        add(path, path, bytes);
    }

    private void add(String path, String name, byte[] bytes) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        files.put(path, new File(type, "\"" + digest(bytes) + "\"", Buffer.buffer(bytes)));
    }

    private static void send(RoutingContext context, File file) {
        context.response()
                .putHeader(HttpHeaders.ETAG, file.tag)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache"); // asked again each time, sent only when changed
        if (file.tag.equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            context.response().setStatusCode(304).end();
        } else {
            context.response().putHeader(HttpHeaders.CONTENT_TYPE, file.type).end(file.bytes);
        }
    }

    private static String webjar(String group, String name) {
        Properties properties = new Properties();
        try (InputStream stream = open("META-INF/maven/" + group + "/" + name + "/pom.properties")) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "META-INF/resources/webjars/" + name + "/" + properties.getProperty("version") + "/";
    }

    private static byte[] resource(String name) {
        try (InputStream stream = open(name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream stream = WebFiles.class.getClassLoader().getResourceAsStream(name);
        if (stream == null) {
            throw new IllegalStateException("the program lacks its file " + name);
        }
        return stream;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
