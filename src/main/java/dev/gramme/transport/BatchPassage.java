package dev.gramme.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Lets a {@link Batch} cross the local event bus as the object it is. It never leaves the process by that way. */
final class BatchPassage implements MessageCodec<Batch, Batch> {
    @Override
    public void encodeToWire(Buffer buffer, Batch batch) {
        throw new UnsupportedOperationException("a batch crosses the local event bus only");
    }

    @Override
    public Batch decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("a batch crosses the local event bus only");
    }

    @Override
    public Batch transform(Batch batch) {
        return batch;
    }

    @Override
    public String name() {
        return "gramme.batch";
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
