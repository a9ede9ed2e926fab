package dev.gatehouse.gateway.userlink;

import dev.gatehouse.gateway.splice.Switchboard;
import dev.gatehouse.protocol.link.ControlFrame;
import dev.gatehouse.protocol.message.Control;
import dev.gatehouse.protocol.message.ErrorCode;
import dev.gatehouse.protocol.message.LinkError;
import dev.gatehouse.protocol.transport.Link;
import dev.gatehouse.protocol.transport.LinkEnd;
import dev.gatehouse.protocol.transport.LinkTunnels;
import dev.gatehouse.protocol.wire.Frame;
import dev.gatehouse.protocol.wire.FrameType;
import dev.gatehouse.protocol.wire.ProtocolException;
import dev.gatehouse.shared.people.SignIns.SignIn;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One link of a user's tool, whose sign-in was checked before it was accepted. Confined to its link's context, but for {@link #close} and {@link #check}. */
final class UserLink {

    private static final Logger log = LoggerFactory.getLogger(UserLink.class);

    private final Link link;
    private final LinkTunnels tunnels;
    private final SignIn user;
    private final String authorization;
    private final Users users;
    private final UUID session;
    private final Consumer<UserLink> gone;

    UserLink(
            Link link,
            SignIn user,
            UUID session,
            String authorization,
            Users users,
            Switchboard switchboard,
            Consumer<UserLink> gone) {
        this.link = link;
        this.user = user;
        this.session = session;
        this.authorization = authorization;
        this.users = users;
        this.gone = gone;
        LinkTunnels[] made = new LinkTunnels[1]; // it is asked for tunnels of itself
        made[0] = LinkTunnels.accepting(
                link, (channel, frame) -> switchboard.fromUser(made[0], channel, frame, user, session));
        this.tunnels = made[0];
    }

    void start() {
        link.onDrain(tunnels::drained);
        link.start(this::frame, this::ended);
    }

    private void frame(Frame frame) throws ProtocolException {
        if (LinkTunnels.isTunnel(frame.type())) {
            tunnels.received(frame);
        } else if (frame.type() == FrameType.CONTROL) {
            Control control = ControlFrame.read(frame);
            switch (control.getBodyCase()) {
                case ERROR, GO_AWAY, BODY_NOT_SET -> {} // it says why it ends the link; newer ones are ignored
                default ->
                    throw new ProtocolException(
                            ErrorCode.BAD_ORDER, control.getBodyCase() + " is not for a user's tool to send");
            }
        } else {
            throw new ProtocolException(ErrorCode.BAD_ORDER, frame.type() + " is not for a user's tool to send");
        }
    }

    private void ended(LinkEnd end) {
        log.debug(
                "Link of user {} from {} has ended: {} {}",
                user.name(),
                link.remoteAddress(),
                end.cause(),
                end.detail());
        tunnels.ended();
        gone.accept(this);
    }

    SignIn user() {
        return user;
    }

    UUID session() {
        return session;
    }

    int tunnels() {
        return tunnels.count();
    }

    /** Ends it if the sign-in has ended; one that cannot be checked now goes on. From any thread. */
    void check() {
        users.authenticate(authorization).onSuccess(found -> {
            if (found.isPresent()) {
                return;
            }
            close(LinkError.newBuilder()
                    .setCode(ErrorCode.REVOKED)
                    .setDetail("the sign-in of " + user.name() + " has ended")
                    .build());
        });
    }

    /** From any thread. */
    void close(LinkError reason) {
        link.context().runOnContext(now -> link.close(reason));
    }
}
