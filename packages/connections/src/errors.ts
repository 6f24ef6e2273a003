// The errors of this package. Callers switch on `code`; `message` and `fix` are for people and hold no secret.

/** What went wrong; stable, so that callers may switch on it. */
export type ConnectionErrorCode =
  | 'unknown-connection'
  | 'name-taken'
  | 'invalid-name'
  | 'invalid-domain'
  | 'invalid-base-url'
  | 'invalid-api-key'
  | 'invalid-plan'
  | 'invalid-minute'
  | 'invalid-secret'
  | 'secret-mismatch'
  | 'seal-broken'
  | 'too-many-connections'
  | 'too-many-tokens'
  | 'changed-meanwhile'
  | 'malformed-record'
  | 'store-unavailable'
  | 'unknown-setting'
  | 'invalid-setting';

/** A refusal of this package: what happened (`message`), what to do about it (`fix`), and a stable `code`. */
export class ConnectionError extends Error {
  readonly code: ConnectionErrorCode;
  /** One sentence that tells the operator what to do. */
  readonly fix: string;

  constructor(code: ConnectionErrorCode, message: string, fix: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ConnectionError';
    this.code = code;
    this.fix = fix;
  }
}

/** A setting that does not exist, or a value that it does not allow; `key` is the setting as it was given. */
export class SettingsError extends ConnectionError {
  readonly key: string;

  constructor(code: 'unknown-setting' | 'invalid-setting', key: string, message: string, fix: string) {
    super(code, message, fix);
    this.name = 'SettingsError';
    this.key = key;
  }
}
