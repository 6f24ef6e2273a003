import 'vitest';

declare module 'vitest' {
  /** What the global set-up hands to tests; read with `inject('redisUrl')`. */
  export interface ProvidedContext {
    /** A real Redis that all tests share: keep to random prefixes, and never flush it. */
    redisUrl: string;
  }
}
