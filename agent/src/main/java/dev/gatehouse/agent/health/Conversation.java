package dev.gatehouse.agent.health;

import io.vertx.core.buffer.Buffer;

/** What is said to a target to find out whether it is well, and what its answers mean. One object for one connection. Pure. */
interface Conversation {

    /** Who asks, where a name is needed. */
    String NAME = "gatehouse";

    /** What comes next. */
    sealed interface Step {

        /** The answer is not complete. */
        record More() implements Step {}

        /** {@code used} bytes of the answer are understood, and this is to be said. */
        record Say(int used, Buffer bytes) implements Step {}

        /** The target is well; the last words, perhaps none, are said before the connection is closed. */
        record Well(Buffer goodbye) implements Step {}

        record Ill(String why) implements Step {}
    }

    Step MORE = new Step.More();
    Step WELL = new Step.Well(Buffer.buffer());

    /** For a target of which a connection says enough. */
    Conversation NOTHING_TO_SAY = unread -> WELL;

    /** What is said first. */
    default Buffer hello() {
        return Buffer.buffer();
    }

    /** @param unread all that was heard and not yet used; empty once the connection is there */
    Step heard(Buffer unread);
}
