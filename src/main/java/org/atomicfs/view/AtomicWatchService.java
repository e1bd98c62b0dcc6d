package org.atomicfs.view;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.Watchable;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

/** A delegate's watch service. One key of the delegate is always the same wrapped key. */
final class AtomicWatchService implements WatchService {
    private final WatchService delegate;

    /**
     * What is known of each key of the delegate; guarded by itself. Holds neither the delegate's key nor ours: the
     * first lives as long as the delegate or a caller needs it, the second as long as a caller could notice that it
     * became another.
     */
    private final Map<WatchKey, Registration> registrations = new WeakHashMap<>();

    private static final class Registration {
        private final AtomicPath directory;
        private Reference<Key> wrapped = new WeakReference<>(null);

        private Registration(AtomicPath directory) {
            this.directory = directory;
        }

        private Key wrap(WatchKey key) {
            Key known = wrapped.get();
            if (known == null) {
                known = new Key(key, directory);
                wrapped = new WeakReference<>(known);
            }
            return known;
        }
    }

    AtomicWatchService(WatchService delegate) {
        this.delegate = delegate;
    }

    /** Holds the lock while registering, so that an event that comes at once finds the wrapped key. */
    WatchKey register(AtomicPath directory, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
            throws IOException {
        synchronized (registrations) {
            WatchKey key = directory.plain().register(delegate, events, modifiers);
            return registrations
                    .computeIfAbsent(key, k -> new Registration(directory))
                    .wrap(key);
        }
    }

    private WatchKey wrap(WatchKey key) {
        if (key == null) {
            return null;
        }
        synchronized (registrations) {
            return registrations.get(key).wrap(key);
        }
    }

    @Override
    public WatchKey poll() {
        return wrap(delegate.poll());
    }

    @Override
    public WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
        return wrap(delegate.poll(timeout, unit));
    }

    @Override
    public WatchKey take() throws InterruptedException {
        return wrap(delegate.take());
    }

    @Override
    public void close() throws IOException {
        delegate.close();
    }

    private static final class Key implements WatchKey {
        private final WatchKey delegate;
        private final AtomicPath directory;

        private Key(WatchKey delegate, AtomicPath directory) {
            this.delegate = delegate;
            this.directory = directory;
        }

        @Override
        public boolean isValid() {
            return delegate.isValid();
        }

        @Override
        public List<WatchEvent<?>> pollEvents() {
            return delegate.pollEvents().stream().<WatchEvent<?>>map(this::wrap).toList();
        }

        private WatchEvent<?> wrap(WatchEvent<?> event) {
            return event.context() instanceof Path context
                    ? new Event(
                            pathKind(event),
                            event.count(),
                            directory.getFileSystem().wrap(context))
                    : event;
        }

        @SuppressWarnings("unchecked") // its context is a path
        private static WatchEvent.Kind<Path> pathKind(WatchEvent<?> event) {
            return (WatchEvent.Kind<Path>) event.kind();
        }

        @Override
        public boolean reset() {
            return delegate.reset();
        }

        @Override
        public void cancel() {
            delegate.cancel();
        }

        @Override
        public Watchable watchable() {
            return directory;
        }
    }

    private record Event(WatchEvent.Kind<Path> kind, int count, Path context) implements WatchEvent<Path> {}
}
