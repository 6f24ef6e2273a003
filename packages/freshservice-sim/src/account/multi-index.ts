// An index that allows several ids per value, because an account may hold duplicates.

const NONE: ReadonlySet<number> = new Set();

/** Value -> ids. */
export class MultiIndex {
  readonly #ids = new Map<string, Set<number>>();

  add(value: string, id: number): void {
    const ids = this.#ids.get(value);
    if (ids === undefined) this.#ids.set(value, new Set([id]));
    else ids.add(id);
  }

  remove(value: string, id: number): void {
    const ids = this.#ids.get(value);
    if (ids === undefined) return;
    ids.delete(id);
    if (ids.size === 0) this.#ids.delete(value);
  }

  get(value: string): ReadonlySet<number> {
    return this.#ids.get(value) ?? NONE;
  }

  /** The values that more than one id has. */
  shared(): { value: string; ids: number[] }[] {
    const shared: { value: string; ids: number[] }[] = [];
    for (const [value, ids] of this.#ids) {
      if (ids.size > 1) shared.push({ value, ids: [...ids] });
    }
    return shared;
  }
}
