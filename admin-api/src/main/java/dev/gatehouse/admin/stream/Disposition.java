package dev.gatehouse.admin.stream;

import dev.gatehouse.shared.record.StreamRecord;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Headers about a content whose name and type an agent has chosen, so that a browser saves it under a harmless name and never runs it. Pure. */
final class Disposition {

    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[a-z0-9][a-z0-9!#$&^_.+-]{0,80}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}");
    private static final int MAX_NAME = 150;

    private Disposition() {}

    /** {@code Content-Disposition}: the name in ASCII, and whole for those who understand RFC 6266. */
    static String of(StreamRecord stream) {
        String name = fileName(stream);
        String ascii = name.replaceAll("[^\\x20-\\x7e]|[\"\\\\%]", "_");
        String whole = URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + whole;
    }

    static String mediaType(StreamRecord stream) {
        return MEDIA_TYPE.matcher(stream.mediaType()).matches() ? stream.mediaType() : "application/octet-stream";
    }

    /** The last step of the path, without anything that separates or hides; never empty, never dots alone. */
    static String fileName(StreamRecord stream) {
        String last = stream.name()
                .substring(
                        Math.max(stream.name().lastIndexOf('/'), stream.name().lastIndexOf('\\')) + 1);
        String clean = last.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}<>:|?*]", "_").strip();
        if (clean.length() > MAX_NAME) {
            clean = clean.substring(clean.length() - MAX_NAME);
        }
        return clean.matches("[._]*") ? stream.kind() + "-" + stream.id() + ".bin" : clean;
    }
}
