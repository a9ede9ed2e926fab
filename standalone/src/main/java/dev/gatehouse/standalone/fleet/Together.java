package dev.gatehouse.standalone.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the same with several at once and waits for all, also when one fails. */
final class Together {

    /** What is done. */
    interface Work<T> {
        void with(T one) throws FleetException;
    }

    private Together() {}

    /** Fails with the first failure in the order of the list. */
    static <T> void run(List<T> all, Work<T> work) throws FleetException, InterruptedException {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("fleet-", 0).factory())) {
            List<Future<?>> each = new ArrayList<>();
            for (T one : all) {
                each.add(threads.submit(() -> {
                    work.with(one);
                    return null;
                }));
            }
            for (Future<?> one : each) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FleetException known
                    ? known
                    : new FleetException(e.getCause().getMessage(), e.getCause());
        }
    }
}
