package dev.gatehouse.shared.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** From a setting's text to its value and back. An {@link IllegalArgumentException}'s message says what is allowed. */
final class Conversion {

    private static final int MAX_INT = 1_000_000_000;
    private static final int MAX_TEXT = 4096;

    private Conversion() {}

    /**
     * @param folder what relative paths are relative to
     */
    static Object parse(SettingsKey key, String text, Path folder) {
        Class<?> type = key.type();
        if (type == String.class) {
            return checked(text, text.length() <= MAX_TEXT && !text.isBlank(), type);
        } else if (type == int.class) {
            checked(text, text.matches("\\d{1,10}"), type);
            long number = Long.parseLong(text);
            checked(text, number >= 1 && number <= MAX_INT, type);
            return (int) number;
        } else if (type == boolean.class) {
            return Boolean.valueOf(checked(text, text.equals("true") || text.equals("false"), type));
        } else if (type == Duration.class) {
            return Times.parse(text);
        } else if (type == MemorySize.class) {
            return MemorySize.parse(text);
        } else if (type == HostPort.class) {
            return HostPort.parse(text);
        } else if (type == URI.class) {
            return httpsUrl(text);
        } else if (type == Secret.class) {
            return new Secret(checked(text, !text.isEmpty(), type));
        } else if (type == Path.class) {
            return path(checked(text, !text.isBlank(), type), folder);
        } else if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(constant -> word(constant).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(allowed(type)));
        }
        throw new IllegalStateException(key.name() + " has the type " + type + ", which settings do not know");
    }

    /** What may be written, with units. */
    static String allowed(Class<?> type) {
        if (type == int.class) {
            return "a whole number from 1 to " + MAX_INT;
        } else if (type == boolean.class) {
            return "true or false";
        } else if (type == Duration.class) {
            return Times.ALLOWED;
        } else if (type == MemorySize.class) {
            return MemorySize.ALLOWED;
        } else if (type == HostPort.class) {
            return HostPort.ALLOWED;
        } else if (type == URI.class) {
            return "https://HOST[:PORT]";
        } else if (type == Path.class) {
            return "a path, relative to the folder of the settings file";
        } else if (type == Secret.class) {
            return "a text that is not empty";
        } else if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(Conversion::word).collect(Collectors.joining(" or "));
        }
        return "a text that is not empty, at most " + MAX_TEXT + " characters";
    }

    /** As it would be written in the file; secrets masked. */
    static String format(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(Conversion::format).orElse("");
            case List<?> list -> list.stream().map(Conversion::format).collect(Collectors.joining(","));
            case Duration time -> Times.format(time);
            case Enum<?> constant -> word(constant);
            default -> value.toString();
        };
    }

    private static String word(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static URI httpsUrl(String text) {
        try {
            URI url = new URI(text);
            checked(text, "https".equals(url.getScheme()) && url.getHost() != null, URI.class);
            checked(
                    text,
                    url.getPath().matches("/?") && url.getQuery() == null && url.getUserInfo() == null,
                    URI.class);
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(allowed(URI.class), e);
        }
    }

    private static Path path(String text, Path folder) {
        try {
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(allowed(Path.class), e);
        }
    }

    private static String checked(String text, boolean good, Class<?> type) {
        if (!good) {
            throw new IllegalArgumentException(allowed(type));
        }
        return text;
    }
}
