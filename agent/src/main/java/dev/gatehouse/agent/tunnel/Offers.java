package dev.gatehouse.agent.tunnel;

import dev.gatehouse.protocol.message.CloseCode;

/** What may be dialled here. Asked on the links' context, at each opening. */
public interface Offers {

    /** What becomes of a name. */
    sealed interface Answer {}

    /** @param kind of the resource, as {@code postgres} */
    record Target(String host, int port, String kind) implements Answer {}

    /** @param detail for people */
    record Refusal(CloseCode code, String detail) implements Answer {}

    Answer find(String resource);
}
