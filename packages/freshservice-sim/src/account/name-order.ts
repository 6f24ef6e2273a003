// Ids kept in the order of the documented lists, by first name. Kept sorted at each change, so that a page of a list
// costs a slice.

/** A sorted list of ids. */
export class NameOrder {
  readonly #ids: number[] = [];
  readonly #names = new Map<number, string>();

  get size(): number {
    return this.#ids.length;
  }

  /** Ids from `offset` on, at most `limit`. */
  slice(offset: number, limit: number): number[] {
    return this.#ids.slice(offset, offset + limit);
  }

  /** All ids in order; not to be kept over a change. */
  all(): readonly number[] {
    return this.#ids;
  }

  /** Adds an id, or moves it after a change of name. */
  put(id: number, firstName: string): void {
    const name = firstName.toLowerCase();
    if (this.#names.get(id) === name) return;
    this.remove(id);
    this.#ids.splice(this.#position(id, name), 0, id);
    this.#names.set(id, name);
  }

  remove(id: number): void {
    const name = this.#names.get(id);
    if (name === undefined) return;
    this.#ids.splice(this.#position(id, name), 1);
    this.#names.delete(id);
  }

  /** The first index whose (name, id) is not below the given one. */
  #position(id: number, name: string): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isBelow(middle, id, name)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isBelow(index: number, id: number, name: string): boolean {
    const otherId = this.#ids[index] ?? 0;
    const otherName = this.#names.get(otherId) ?? '';
    return otherName === name ? otherId < id : otherName < name;
  }
}
