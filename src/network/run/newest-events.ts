/**
 * A queue that a slow reader cannot make long: of each kind of event only the newest waits.
 *
 * @module
 */

/** Events between one writer and one reader. */
export class NewestEvents<Event> {
  readonly #waiting = new Map<string, Event>();
  #wake: (() => void) | undefined;
  #ended = false;

  /**
   * Adds an event; an older one of the same kind that was not read yet is forgotten.
   *
   * @param kind - what the event would replace
   * @param event - the event
   */
  post(kind: string, event: Event): void {
    this.#waiting.delete(kind);
    this.#waiting.set(kind, event);
    this.#wake?.();
  }

  /** No more events will come. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** How many events wait to be read. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Reads events in the order in which they came, until the end. */
  async *read(): AsyncGenerator<Event, void, undefined> {
    for (;;) {
      const [first] = this.#waiting;
      if (first !== undefined) {
        this.#waiting.delete(first[0]);
        yield first[1];
        continue;
      }
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
