/**
 * The logger of a process: pino, JSON lines on stderr, because stdout belongs to a command's results. Our code must
 * not log personal data or secrets at all; the two nets here (fields by name, addresses and bearer tokens by shape)
 * catch what slips through, such as the arguments that a Redis error carries.
 */
import { pino } from 'pino';
import type { DestinationStream, LogFn, Logger } from 'pino';

export type { Logger } from 'pino';

/** The levels of LOG_LEVEL, quietest last. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const REMOVED = '[removed]';
const DEPTH_MAX = 6;
const ITEMS_MAX = 50;

/** Compared without case, `_` and `-`; a field whose name *ends* in one of PRIVATE_ENDINGS is private as well. */
const PRIVATE_FIELDS = new Set(
  'authorization cookie setcookie name title formatted mail upn externalid body payload attributes args'.split(
    ' ',
  ),
);
const PRIVATE_ENDINGS =
  /(token|apikey|secret|password|username|displayname|givenname|familyname|middlename|firstname|lastname|nickname|emails?|phones?|phonenumbers?|mobile)$/;
const EMAIL = /[^\s"'\\<>()[\]{},;:=/]+@[^\s"'\\<>()[\]{},;:=/]+/g;
const BEARER = /\b(Bearer|Basic) +[\w.~+/=-]+/gi;

/**
 * A JSON logger with the process's name on every line.
 * @param options.destination where lines go. @default stderr
 */
export function createLogger(options: {
  name: string;
  level?: LogLevel;
  destination?: DestinationStream;
}): Logger {
  const { name, level = 'info', destination = pino.destination({ dest: 2, sync: true }) } = options;
  return pino(
    {
      name,
      level,
      formatters: { log: (fields) => cleanFields(fields, 0), level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => error },
      hooks: {
        streamWrite: (line) => line.replace(EMAIL, REMOVED).replace(BEARER, `$1 ${REMOVED}`),
        logMethod,
      },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
}

/** A line without a text of its own would get the message of its error. */
function logMethod(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, text] = args as [unknown, unknown];
  const error = first instanceof Error ? first : (first as { err?: unknown } | null)?.err;
  if (text === undefined && error instanceof SyntaxError) {
    method.apply(this, [first instanceof Error ? { err: first } : first, error.name]);
  } else method.apply(this, args);
}

function cleanFields(fields: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    clean[field] = isPrivateField(field) ? REMOVED : cleanValue(value, depth + 1);
  }
  return clean;
}

function isPrivateField(field: string): boolean {
  const plain = field.toLowerCase().replace(/[_-]/g, '');
  return PRIVATE_FIELDS.has(plain) || PRIVATE_ENDINGS.test(plain);
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_MAX) return '[deeper]';
  if (value instanceof Error) return cleanError(value, depth);
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => cleanValue(item, depth + 1));
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  return cleanFields(value, depth);
}

/** Only what is named here: libraries hang requests, commands and their arguments on errors. */
function cleanError(error: Error, depth: number): Record<string, unknown> {
  const { code, kind, status } = error as { code?: unknown; kind?: unknown; status?: unknown };
  return {
    type: error.name,
    ...textOf(error),
    ...(code === undefined ? {} : { code }),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { status }),
    ...(error.cause === undefined ? {} : { cause: cleanValue(error.cause, depth + 1) }),
  };
}

/** `JSON.parse` repeats a piece of its text, which may be a person: of that only where it happened is logged. */
function textOf(error: Error): { message?: string; stack: string | undefined } {
  const { message, stack = '' } = error;
  if (!(error instanceof SyntaxError)) return { message, stack };
  const frames = stack.indexOf(message) + message.length;
  return { stack: stack.includes(message) ? stack.slice(frames).trimStart() : undefined };
}
