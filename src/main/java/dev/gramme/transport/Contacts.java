package dev.gramme.transport;

import dev.gramme.wire.Message;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jboss.logging.Logger;

/** The addresses lately written to without knowing who listens there: so many at most, the longest unused forgotten first. */
final class Contacts {
    private static final Logger LOG = Logger.getLogger(Contacts.class);
    /** An address not written to for so many times the idle time is not told of any more: its last error may be long past. */
    private static final int IDLE_TIMES_REMEMBERED = 6;

    private final Peer.Surroundings around;
    private final TransportBounds bounds;
    private final RareLog rareLog = new RareLog(LOG, System::nanoTime);
    private final ConcurrentNavigableMap<HostAndPort, Contact> contacts = new ConcurrentSkipListMap<>();
    private boolean closed;

    Contacts(Peer.Surroundings around) {
        this.around = around;
        this.bounds = around.settings().bounds();
    }

    /** On the loop. */
    void send(HostAndPort address, Message.Control message) {
        if (closed) {
            return;
        }
        Contact contact = contacts.get(address);
        if (contact == null) {
            if (!makeRoom()) {
                rareLog.warn("not contacted: " + address + ", because " + bounds.maxContacts()
                        + " other addresses are, which is the bound");
                return;
            }
            contact = new Contact(address, around);
            contacts.put(address, contact);
        }
        contact.send(message);
    }

    /** On the loop. */
    void close() {
        closed = true;
        contacts.values().forEach(Contact::close);
    }

    /** Any thread. */
    SortedMap<HostAndPort, ContactStatus> status() {
        SortedMap<HostAndPort, ContactStatus> each = new TreeMap<>();
        contacts.forEach((address, contact) -> {
            if (contact.idleMillis() < (long) IDLE_TIMES_REMEMBERED * bounds.contactIdleMillis()) {
                each.put(address, contact.status());
            }
        });
        return each;
    }

    private boolean makeRoom() {
        if (contacts.size() < bounds.maxContacts()) {
            return true;
        }
        return contacts.entrySet().stream()
                .filter(entry -> !entry.getValue().isBusy())
                .max(Comparator.comparingLong(entry -> entry.getValue().idleMillis()))
                .map(entry -> contacts.remove(entry.getKey()) != null)
                .orElse(false);
    }
}
