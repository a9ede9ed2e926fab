package dev.gatehouse.agent.source.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What kind of content a file has, by its name; and which kinds are packed already. */
final class MediaTypes {

    private static final String UNKNOWN = "application/octet-stream";

    /** What the systems' own tables miss or disagree about. */
    private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
            Map.entry("txt", "text/plain"),
            Map.entry("log", "text/plain"),
            Map.entry("md", "text/markdown"),
            Map.entry("csv", "text/csv"),
            Map.entry("html", "text/html"),
            Map.entry("json", "application/json"),
            Map.entry("xml", "application/xml"),
            Map.entry("yaml", "application/yaml"),
            Map.entry("yml", "application/yaml"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("eml", "message/rfc822"),
            Map.entry("msg", "application/vnd.ms-outlook"),
            Map.entry("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            Map.entry("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            Map.entry("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("opus", "audio/ogg"),
            Map.entry("flac", "audio/flac"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("mkv", "video/x-matroska"),
            Map.entry("webm", "video/webm"),
            Map.entry("zip", "application/zip"),
            Map.entry("jar", "application/java-archive"),
            Map.entry("gz", "application/gzip"),
            Map.entry("tgz", "application/gzip"),
            Map.entry("bz2", "application/x-bzip2"),
            Map.entry("xz", "application/x-xz"),
            Map.entry("zst", "application/zstd"),
            Map.entry("7z", "application/x-7z-compressed"));

    static String of(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        String known = BY_EXTENSION.get(name.substring(name.lastIndexOf('.') + 1));
        if (known != null) {
            return known;
        }
        try {
            String probed = Files.probeContentType(path);
            return probed == null ? UNKNOWN : probed;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** Whether packing is worth a try. */
    static boolean mayShrink(String type) {
        boolean recording = type.startsWith("image/") || type.startsWith("audio/") || type.startsWith("video/");
        boolean archive = type.endsWith("zip")
                || type.endsWith("zip2")
                || type.endsWith("-xz")
                || type.endsWith("zstd")
                || type.endsWith("archive")
                || type.contains("compressed")
                || type.contains("openxmlformats");
        return type.equals("image/svg+xml") || !(recording || archive);
    }

    private MediaTypes() {}
}
