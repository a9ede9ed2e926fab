package dev.gatehouse.protocol.socket;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes {@link PlainSocket}s: dials and listens, on one loop of its own. Thread-safe. */
public final class PlainSockets implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("plain-sockets", true), NioIoHandler.newFactory());

    /** Names are looked up by the system, which blocks. */
    private final Executor lookups = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("look-up").factory());

    /** Where connections are accepted. */
    public record Listening(InetSocketAddress address, Runnable close) {}

    /** Dials; fails with what the system says, or when it takes longer than the limit. */
    public Future<PlainSocket> connect(Context context, String host, int port, Duration limit) {
        Promise<PlainSocket> made = Promise.promise();
        lookups.execute(() -> {
            InetAddress address;
            try {
                address = InetAddress.getByName(host);
            } catch (UnknownHostException unknown) {
                context.runOnContext(now -> made.fail(unknown));
                return;
            }
            ChannelFuture dialled = new Bootstrap()
                    .group(loop)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(limit.toMillis()))
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .option(ChannelOption.AUTO_READ, false)
                    .handler(nothing())
                    .connect(address, port);
            dialled.addListener(done -> context.runOnContext(now -> {
                if (done.isSuccess()) {
                    made.complete(new PlainSocket((SocketChannel) dialled.channel(), context));
                } else {
                    made.fail(done.cause());
                }
            }));
        });
        return made.future();
    }

    /** Listens; each connection is given to the consumer on the context. */
    public Future<Listening> listen(Context context, String host, int port, Consumer<PlainSocket> accepted) {
        Promise<Listening> bound = Promise.promise();
        ChannelFuture binding = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        context.runOnContext(now -> accepted.accept(new PlainSocket(channel, context)));
                    }
                })
                .bind(host, port);
        Channel server = binding.channel();
        binding.addListener(done -> context.runOnContext(now -> {
            if (done.isSuccess()) {
                bound.complete(new Listening((InetSocketAddress) server.localAddress(), () -> close(server)));
            } else {
                bound.fail(done.cause());
            }
        }));
        return bound.future();
    }

    /** Ends all its connections; does not wait for that. */
    @Override
    public void close() {
        var unused = loop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }

    private static void close(Channel channel) {
        var unused = channel.close(); // whoever wants to know asks the channel
    }

    private static ChannelHandler nothing() {
        return new ChannelInboundHandlerAdapter();
    }
}
