package dev.gatehouse.protocol.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP connection without TLS, with half-closes both ways and back-pressure both ways. Made of Netty itself, as Vert.x's sockets end both directions at once (docs/decisions/061).
 *
 * <p>Its methods are called, and its listener is told, on the context it was made for; bytes cross from and to Netty's loop in batches, at most {@link #AHEAD} of them unread.
 */
public final class PlainSocket {

    /** What was read from the connection and not yet taken by the listener. */
    static final int AHEAD = 512 * 1024;

    /** With so much unwritten it is not {@link #writable}. */
    static final int ENOUGH = 256 * 1024;

    /** Who is told what happens, on the socket's context. */
    public interface Listener {

        void data(Buffer bytes);

        /** The other side sends nothing more; it may still read. */
        void finished();

        /** The socket is writable again. */
        void drained();

        /**
         * Both directions have ended; told once, and nothing after it.
         *
         * @param broken by a reset or another error, rather than closed
         */
        void closed(boolean broken);
    }

    private final SocketChannel channel;
    private final Context context;
    private final AtomicInteger ahead = new AtomicInteger(); // read and not yet told
    private final AtomicInteger unwritten = new AtomicInteger();
    private Listener listener;

    // of the context
    private final Queue<Buffer> held = new ArrayDeque<>(2); // read while paused
    private boolean paused;
    private boolean finishWaits;
    private boolean closeWaits;
    private boolean full;
    private boolean closed;

    // of Netty's loop
    private boolean reading;
    private boolean inputEnded;
    private boolean outputEnded;

    PlainSocket(SocketChannel channel, Context context) {
        this.channel = channel;
        this.context = context;
    }

    /** Begins to read. */
    public void start(Listener told) {
        listener = told;
        channel.eventLoop().execute(() -> {
            channel.pipeline().addLast(new Inbound());
            channel.closeFuture().addListener(gone -> {
                boolean broken = !inputEnded || !outputEnded;
                context.runOnContext(now -> ended(broken));
            });
            readOn();
        });
    }

    /** No more bytes until {@link #resume}; a few may have been read already and wait. */
    public void pause() {
        paused = true;
    }

    public void resume() {
        if (!paused) {
            return;
        }
        paused = false;
        while (!paused && !held.isEmpty()) {
            tell(held.remove());
        }
        if (!paused && finishWaits && !closed) {
            finishWaits = false;
            listener.finished();
        }
        if (!paused && closeWaits) {
            ended(false);
        }
    }

    public void write(Buffer bytes) {
        int length = bytes.length();
        full |= unwritten.addAndGet(length) >= ENOUGH;
        ByteBuf wrapped = Unpooled.wrappedBuffer(bytes.getBytes());
        channel.writeAndFlush(wrapped).addListener(written -> {
            int left = unwritten.addAndGet(-length);
            if (left < ENOUGH / 2 && left + length >= ENOUGH / 2) {
                context.runOnContext(now -> drained());
            }
        });
    }

    public boolean writable() {
        return !full;
    }

    /** Tells the other side, after what was written, that nothing more comes. */
    public void finish() {
        channel.eventLoop()
                .execute(() -> channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(written -> channel.shutdownOutput().addListener(shut -> {
                            outputEnded = true;
                            closeIfBothEnded();
                        })));
    }

    /** Ends both directions at once; the other side sees a broken connection. */
    public void reset() {
        channel.eventLoop().execute(() -> {
            if (channel.isOpen()) { // the other side may have been first
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                close();
            }
        });
    }

    private void drained() {
        if (full && !closed) {
            full = false;
            listener.drained();
        }
    }

    private void ended(boolean broken) {
        if (closed) {
            return;
        }
        if (!broken && (finishWaits || !held.isEmpty())) {
            closeWaits = true; // what was read comes first
            return;
        }
        closed = true;
        held.clear();
        listener.closed(broken);
    }

    private void took(Buffer bytes) {
        if (closed) {
            return;
        }
        if (paused || !held.isEmpty()) {
            held.add(bytes);
        } else {
            tell(bytes);
        }
    }

    private void tell(Buffer bytes) {
        listener.data(bytes);
        int left = ahead.addAndGet(-bytes.length());
        if (left < AHEAD && left + bytes.length() >= AHEAD) {
            channel.eventLoop().execute(this::readOn);
        }
    }

    private void otherFinished() {
        if (closed) {
            return;
        }
        if (paused || !held.isEmpty()) {
            finishWaits = true;
        } else {
            listener.finished();
        }
    }

    // On Netty's loop ------------------------------------------------------------------------------------------------

    private void readOn() {
        if (!reading && !inputEnded && ahead.get() < AHEAD) {
            reading = true;
            channel.read();
        }
    }

    private void closeIfBothEnded() {
        if (inputEnded && outputEnded) {
            close();
        }
    }

    /** Its future is not of interest: the channel's own says when it is closed. */
    private void close() {
        var unused = channel.close();
    }

    private final class Inbound extends ChannelInboundHandlerAdapter {

        private List<Buffer> batch = new ArrayList<>();

        @Override
        public void channelRead(ChannelHandlerContext netty, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy);
            bytes.release();
            ahead.addAndGet(copy.length);
            batch.add(Buffer.buffer(copy));
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext netty) {
            reading = false;
            flush();
            readOn();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext netty, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                inputEnded = true;
                flush();
                context.runOnContext(now -> otherFinished());
                closeIfBothEnded();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext netty, Throwable cause) {
            close(); // told as broken, since not both directions have ended
        }

        private void flush() {
            if (!batch.isEmpty()) {
                List<Buffer> told = batch;
                batch = new ArrayList<>();
                context.runOnContext(now -> told.forEach(PlainSocket.this::took));
            }
        }
    }
}
