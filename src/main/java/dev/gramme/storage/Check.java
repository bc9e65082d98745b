package dev.gramme.storage;

/** Reads one part of the data directory as the disk has it, slice by slice. What it finds damaged has gone the way of all damage when it tells it. */
interface Check {
    Slice next();
}
