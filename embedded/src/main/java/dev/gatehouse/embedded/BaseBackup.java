package dev.gatehouse.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** A copy of a running PostgreSQL's data folder, made while it goes on, from which a standby begins: what pg_basebackup does, which these binaries lack. */
record BaseBackup(EmbeddedPostgres.Database primary, Path data) {

    /** What they hold is the primary's alone, or comes by replication. */
    private static final Set<String> EMPTY = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts");

    /** @param target made here; of a standby that is known by the slot's name and has not been there before */
    void into(Path target, String slot) throws IOException, SQLException {
        Path fresh = target.resolveSibling("data.new");
        Binaries.delete(fresh);
        try (Connection connection = primary.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_create_physical_replication_slot('" + slot + "', true)");
            statement.execute("select pg_backup_start('" + slot + "', true)");
            copy(fresh);
            try (ResultSet label = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                label.next();
                Files.writeString(fresh.resolve("backup_label"), label.getString(1));
            }
        }
        Files.writeString(
                fresh.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=%s port=%d user=%s password=%s application_name=%s'%nprimary_slot_name = '%s'%n"
                        .formatted(primary.host(), primary.port(), primary.user(), primary.password(), slot, slot),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        Files.createFile(fresh.resolve("standby.signal"));
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private void copy(Path fresh) throws IOException {
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path relative = data.relativize(folder);
                if (relative.getNameCount() > 1 && isEmptied(relative) && !relative.startsWith("pg_wal")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.copy(folder, at(folder), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path relative = data.relativize(file);
                if (isEmptied(relative) || LEFT_OUT.contains(relative.toString())) {
                    return FileVisitResult.CONTINUE;
                }
                try {
                    Files.copy(file, at(file), StandardCopyOption.COPY_ATTRIBUTES);
                } catch (NoSuchFileException gone) {
                    return FileVisitResult.CONTINUE; // removed meanwhile: so is it by what is replayed
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException cause) throws IOException {
                if (cause instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw cause;
            }

            private boolean isEmptied(Path relative) {
                return EMPTY.contains(relative.getName(0).toString());
            }

            private Path at(Path path) {
                return fresh.resolve(data.relativize(path).toString());
            }
        });
    }
}
