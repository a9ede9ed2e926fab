package dev.gatehouse.protocol.transport;

import dev.gatehouse.protocol.wire.Frame;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One end of a link as a test sees it: what it received, how it ended, and its context's thread to act on. */
final class Peer {

    final Link link;
    final BlockingQueue<Frame> received = new LinkedBlockingQueue<>();
    final CompletableFuture<LinkEnd> end = new CompletableFuture<>();

    private Peer(Link link) {
        this.link = link;
    }

    /** Takes the link's frames; to be called on its context. */
    static Peer of(Link link) {
        Peer peer = new Peer(link);
        link.start(peer.received::add, peer.end::complete);
        return peer;
    }

    /** Dials from a context of its own. */
    static Peer dialled(Vertx vertx, Supplier<Future<Link>> dial) {
        CompletableFuture<Peer> peer = new CompletableFuture<>();
        vertx.getOrCreateContext()
                .runOnContext(turn ->
                        dial.get().map(Peer::of).onSuccess(peer::complete).onFailure(peer::completeExceptionally));
        return soon(peer);
    }

    void send(Frame... frames) {
        on(() -> {
            for (Frame frame : frames) {
                link.send(frame);
            }
        });
    }

    void on(Runnable action) {
        link.context().runOnContext(turn -> action.run());
    }

    Frame next() throws InterruptedException {
        Frame frame = received.poll(30, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("no frame within 30 s");
        }
        return frame;
    }

    LinkEnd end() {
        return soon(end);
    }

    static <T> T soon(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
