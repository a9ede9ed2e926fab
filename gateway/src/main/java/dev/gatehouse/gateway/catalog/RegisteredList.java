package dev.gatehouse.gateway.catalog;

import com.google.protobuf.ByteString;
import dev.gatehouse.protocol.label.Selector;
import dev.gatehouse.protocol.message.Registered;
import dev.gatehouse.protocol.message.SignedResource;
import dev.gatehouse.shared.record.RegisteredRecords;
import dev.gatehouse.shared.trust.Topic;
import dev.gatehouse.shared.trust.Topics;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The registered resources, as the last poll of the {@link Topics} has seen them, and what agents are told of them. Thread-safe. */
public final class RegisteredList {

    /** Of one REGISTERED; a frame holds 64 KiB. */
    static final int MAX_BYTES = 60 * 1024;

    private final RegisteredRecords records;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile RegisteredRecords.Listed listed = new RegisteredRecords.Listed(0, List.of());

    private RegisteredList(RegisteredRecords records) {
        this.records = records;
    }

    /** To be called before {@link Topics#start()}. */
    public static RegisteredList follow(Topics topics, RegisteredRecords records) {
        RegisteredList list = new RegisteredList(records);
        topics.onChange(Topic.RESOURCES, list::load);
        return list;
    }

    /** Tells each change, on the context of the topics. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private Future<Void> load() {
        return records.all().map(now -> {
            listed = now;
            listeners.forEach(Runnable::run);
            return null;
        });
    }

    /** Those that an agent has asked for. */
    public List<SignedResource> wanted(List<Selector> watch) {
        return listed.resources().stream()
                .filter(resource -> Selector.any(watch, resource.labels()))
                .map(resource -> SignedResource.newBuilder()
                        .setStatement(ByteString.copyFrom(resource.statement().getBytes()))
                        .setSignature(ByteString.copyFrom(resource.signature().getBytes()))
                        .build())
                .toList();
    }

    /** As messages; an empty list is one message. */
    public List<Registered> messages(List<SignedResource> wanted) {
        List<Registered> messages = new ArrayList<>();
        Registered.Builder next = Registered.newBuilder().setFirst(true).setVersion(listed.version());
        int bytes = 0;
        for (SignedResource resource : wanted) {
            if (bytes + resource.getSerializedSize() > MAX_BYTES) {
                messages.add(next.build());
                next = Registered.newBuilder().setVersion(listed.version());
                bytes = 0;
            }
            bytes += resource.getSerializedSize() + 4;
            next.addResources(resource);
        }
        messages.add(next.setLast(true).build());
        return messages;
    }
}
