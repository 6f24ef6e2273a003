// The Redis keys of this package. They belong to no account, so every command touches one of them only: on a cluster
// they may lie in different slots.

export interface ConnectionKeys {
  /** Hash: connection id -> record. */
  readonly connections: string;
  /** Hash: SHA-256 of a token, in hex -> token record. */
  readonly tokens: string;
}

export function connectionKeys(prefix: string): ConnectionKeys {
  return { connections: `${prefix}:connections`, tokens: `${prefix}:tokens` };
}
