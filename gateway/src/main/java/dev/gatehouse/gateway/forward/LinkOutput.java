package dev.gatehouse.gateway.forward;

import dev.gatehouse.protocol.message.StreamOpened;
import dev.gatehouse.protocol.stream.Ack;

/** What the forwarder says to a link. */
public interface LinkOutput {

    void opened(int channel, StreamOpened answer);

    /** Several may follow each other within one turn; {@link #flush} ends it. */
    void ack(int channel, Ack ack);

    void flush();

    void rewind(String reason);
}
