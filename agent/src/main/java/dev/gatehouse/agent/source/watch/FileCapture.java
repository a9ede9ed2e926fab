package dev.gatehouse.agent.source.watch;

import dev.gatehouse.agent.source.Packer;
import dev.gatehouse.agent.spool.Checkpoint;
import dev.gatehouse.agent.spool.ChunkDraft;
import dev.gatehouse.agent.spool.Spool;
import dev.gatehouse.agent.spool.StreamInfo;
import dev.gatehouse.agent.spool.StreamOver;
import dev.gatehouse.agent.spool.StreamView;
import dev.gatehouse.protocol.link.MessageLimits;
import dev.gatehouse.protocol.message.StreamKind;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures one state of a file as a stream of its own, in constant memory. Goes on where an earlier run of the agent was if the file is still in that state; otherwise the unfinished stream gets an end without a hash, which
 * says that it is not whole, and a new one is begun.
 *
 * <p>Used by one thread at a time.
 */
final class FileCapture {

    private static final Logger log = LoggerFactory.getLogger(FileCapture.class);

    /** How often a long capture looks whether the file is still what it was. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Spool spool;
    private final Path path;
    private final String name;
    private final MessageDigest digest = sha256();
    private volatile long position;

    FileCapture(Spool spool, Path path, String name) {
        this.spool = spool;
        this.path = path;
        this.name = shown(name);
    }

    Path path() {
        return path;
    }

    long position() {
        return position;
    }

    /** @return whether the state that the file has now is captured; if not, it has changed meanwhile */
    boolean run() throws IOException, InterruptedException {
        FileState state = FileState.of(path);
        if (!state.regular()) {
            return true;
        }
        Optional<Captured> before = spool.checkpoint(Captured.key(path)).flatMap(Captured::read);
        if (before.isPresent() && before.get().done() && before.get().state().equals(state)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            return copy(begin(state, before, channel), channel);
        } catch (StreamOver e) {
            return false; // only a part of it would have arrived: it is captured again
        }
    }

    /** Ends streams whose files nobody will go on with: the agent died between opening the stream and its first chunk. */
    static void endOrphans(Spool spool) throws InterruptedException {
        Set<UUID> known = spool.checkpoints(Captured.PREFIX).values().stream()
                .flatMap(value -> Captured.read(value).stream())
                .filter(captured -> !captured.done())
                .map(Captured::stream)
                .collect(Collectors.toSet());
        for (StreamView stream : spool.streams()) {
            if (stream.info().kind() == StreamKind.FILE
                    && !stream.finished()
                    && !known.contains(stream.info().id())) {
                end(spool, stream.info().id(), List.of());
            }
        }
    }

    private Captured begin(FileState state, Optional<Captured> before, FileChannel channel)
            throws IOException, InterruptedException {
        if (before.isPresent() && !before.get().done()) {
            Captured unfinished = before.get();
            if (unfinished.state().equals(state) && isOpen(unfinished.stream()) && hash(channel, unfinished.offset())) {
                log.info("Going on with {} at byte {} of {}", path, unfinished.offset(), state.size());
                return unfinished;
            }
            end(spool, unfinished.stream(), List.of(Captured.forget(path)));
            digest.reset();
        }
        StreamInfo info = new StreamInfo(
                UUID.randomUUID(), StreamKind.FILE, "", MediaTypes.of(path), name, System.currentTimeMillis() * 1000);
        spool.openStream(info);
        return new Captured(state, info.id(), 0, false);
    }

    private boolean isOpen(UUID stream) {
        return spool.stream(stream)
                .filter(view -> !view.finished() && view.alias().whole())
                .isPresent();
    }

    private boolean copy(Captured from, FileChannel channel) throws IOException, InterruptedException {
        Packer packer = new Packer(MediaTypes.mayShrink(MediaTypes.of(path)));
        FileState state = from.state();
        byte[] plain = new byte[Packer.MAX_PLAIN];
        long offset = from.offset();
        long lookAt = System.nanoTime() + LOOK.toNanos();
        while (true) {
            int length = readFully(channel, plain, offset, (int) Math.min(packer.target(), state.size() - offset));
            Optional<Packer.Packed> packed = packer.pack(plain, 0, length);
            while (packed.isEmpty()) {
                length /= 2;
                packed = packer.pack(plain, 0, length);
            }
            boolean last = offset + length == state.size();
            boolean cutOff = length == 0 && !last;
            boolean look = last || System.nanoTime() - lookAt >= 0;
            if (cutOff || (look && !isStill(state, channel))) {
                log.info("{} has changed while it was read; begun again once it is at rest", path);
                end(spool, from.stream(), List.of(Captured.forget(path)));
                return false;
            }
            lookAt = look ? System.nanoTime() + LOOK.toNanos() : lookAt;
            digest.update(plain, 0, length);
            offset += length;
            Optional<Buffer> hash = last ? Optional.of(Buffer.buffer(digest.digest())) : Optional.empty();
            Captured now = new Captured(state, from.stream(), offset, last);
            spool.put(from.stream(), draft(packed.get(), length, hash), List.of(now.checkpoint(path)));
            position = offset;
            if (last) {
                return true;
            }
        }
    }

    /** A deleted file is still whole in the open channel. */
    private boolean isStill(FileState state, FileChannel channel) throws IOException {
        try {
            return FileState.of(path).equals(state);
        } catch (NoSuchFileException e) {
            return channel.size() == state.size();
        }
    }

    private boolean hash(FileChannel channel, long length) throws IOException {
        byte[] buffer = new byte[Packer.MAX_PLAIN];
        for (long at = 0; at < length; ) {
            int read = readFully(channel, buffer, at, (int) Math.min(buffer.length, length - at));
            if (read == 0) {
                return false;
            }
            digest.update(buffer, 0, read);
            at += read;
        }
        return true;
    }

    private static int readFully(FileChannel channel, byte[] into, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {
            // until it is full or the file ends
        }
        return buffer.position();
    }

    /** Ends a stream that will never be whole. One that nothing was put into is dropped: nobody has heard of it. */
    private static void end(Spool spool, UUID stream, List<Checkpoint> checkpoints) throws InterruptedException {
        Optional<StreamView> view = spool.stream(stream).filter(found -> !found.finished());
        if (view.isPresent() && view.get().next() > 0) {
            spool.put(stream, ChunkDraft.end(System.currentTimeMillis() * 1000), checkpoints);
        } else {
            view.ifPresent(found -> spool.drop(stream));
            checkpoints.forEach(spool::note);
        }
    }

    /** A name as the protocol takes it: nothing that could forge a line of a log, and the end of what is too long. */
    private static String shown(String name) {
        String clean = name.codePoints()
                .map(c -> Character.isISOControl(c) ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean.length() <= MessageLimits.FILE_NAME
                ? clean
                : clean.substring(clean.length() - MessageLimits.FILE_NAME);
    }

    private static ChunkDraft draft(Packer.Packed packed, int length, Optional<Buffer> hash) {
        long now = System.currentTimeMillis() * 1000;
        return new ChunkDraft(now, now, 0, packed.codec(), length, false, packed.bytes(), hash);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
