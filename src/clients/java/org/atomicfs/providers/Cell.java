package org.atomicfs.providers;

/**
 * What an operation comes to over one provider. There is nothing else: a file is never damaged, and nothing is left.
 */
enum Cell {
    /** It works, with every promise. */
    YES("yes"),
    /** It works as long as no file is replaced; to replace one is refused when it is opened. */
    NEW_NAMES("new names"),
    /** It is refused when the file is opened, and the exception says why. */
    REFUSED("refused");

    private final String text;

    Cell(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
