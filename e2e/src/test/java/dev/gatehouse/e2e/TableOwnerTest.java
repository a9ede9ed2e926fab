package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A table is written by the packages that its comment in the migrations names, and by no other: held against the SQL in the sources. */
class TableOwnerTest {

    private static final Pattern OWNER = Pattern.compile("comment on table (\\w+) is '([^']*)'");
    private static final Pattern CREATED = Pattern.compile("create table (\\w+) \\(");
    private static final Pattern WRITES = Pattern.compile(
            "(?i)\\b(?:insert\\s+into|update|delete\\s+from|merge\\s+into|truncate)\\s+(?:only\\s+)?([a-z_]+)");
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package dev\\.gatehouse\\.([\\w.]+);");

    @Test
    void everyTableNamesItsOwner() throws IOException {
        String migrations = migrations();
        TreeSet<String> created = new TreeSet<>(all(CREATED, migrations));
        assertThat(created).isNotEmpty();
        assertThat(owners(migrations).keySet()).containsAll(created);
    }

    @Test
    void onlyTheOwnerWrites() throws IOException {
        Map<String, String> owners = owners(migrations());
        TreeSet<String> wrong = new TreeSet<>();
        int writes = 0;
        for (Path source : sources()) {
            String text = Files.readString(source);
            Matcher in = PACKAGE.matcher(text);
            if (!in.find()) {
                continue;
            }
            for (String table : all(WRITES, text)) {
                String owner = owners.get(table);
                if (owner == null) {
                    continue; // a word of prose
                }
                writes++;
                if (!owner.contains(in.group(1))) {
                    wrong.add(in.group(1) + " writes " + table + ", which is " + owner);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(writes).as("writes found in the sources").isGreaterThan(10);
    }

    private static Map<String, String> owners(String migrations) {
        Map<String, String> owners = new HashMap<>();
        Matcher each = OWNER.matcher(migrations);
        while (each.find()) {
            owners.put(each.group(1), each.group(2));
        }
        return owners;
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(1).toLowerCase(java.util.Locale.ROOT))
                .toList();
    }

    private static String migrations() throws IOException {
        try (Stream<Path> files = Files.list(Tree.ROOT.resolve("shared/src/main/resources/db/migration"))) {
            return String.join("\n", files.sorted().map(TableOwnerTest::read).toList());
        }
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Tree.ROOT)) {
            return files.filter(path -> path.toString().matches(".*/src/main/java/.*\\.java"))
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
