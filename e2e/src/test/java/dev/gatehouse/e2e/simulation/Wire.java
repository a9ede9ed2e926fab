package dev.gatehouse.e2e.simulation;

import dev.gatehouse.gateway.forward.LinkStreams;
import dev.gatehouse.protocol.wire.Frame;

/** A link's connection: frames arrive late, in order, and all of them until it is cut; then nothing more does, and each end learns of it in its own time. */
final class Wire {

    private static final long LATEST = 30 * Clock.MILLI;
    private static final long SILENCE = 10 * Clock.SECOND;

    final AgentNode agent;
    final GatewayNode gateway;
    private final Clock clock;
    private final long agentLife;
    private final long gatewayLife;
    LinkStreams streams; // the gateway's, once it has seen HELLO
    long limit;
    private long atAgent;
    private long atGateway;
    private boolean cut;

    Wire(Clock clock, AgentNode agent, GatewayNode gateway) {
        this.clock = clock;
        this.agent = agent;
        this.gateway = gateway;
        this.agentLife = agent.life();
        this.gatewayLife = gateway.life();
    }

    void toGateway(Frame frame) {
        atGateway = Math.max(atGateway, clock.now() + clock.between(0, LATEST));
        deliver(atGateway, gateway, gatewayLife, () -> gateway.received(this, frame));
    }

    void toAgent(Frame frame) {
        atAgent = Math.max(atAgent, clock.now() + clock.between(0, LATEST));
        deliver(atAgent, agent, agentLife, () -> agent.received(this, frame));
    }

    private void deliver(long at, Actor to, long life, Runnable arrival) {
        clock.after(at - clock.now(), () -> {
            if (!cut && to.lives(life)) {
                arrival.run();
            }
        });
    }

    void cut() {
        if (!cut) {
            cut = true;
            clock.trace("link of %s to %s is cut", agent, gateway);
            clock.after(clock.between(0, SILENCE), () -> {
                if (agent.lives(agentLife)) {
                    agent.down(this);
                }
            });
            clock.after(clock.between(0, SILENCE), () -> {
                if (gateway.lives(gatewayLife)) {
                    gateway.ended(this);
                }
            });
        }
    }
}
